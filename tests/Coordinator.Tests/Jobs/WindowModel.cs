using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.Storage.Arrays;

namespace Upweave.Coordinator.Tests.Jobs;

/// <param name="Harm">Percentage of steps that are failures, losses or repetitions instead of completions.</param>
public sealed record WindowCase(int Tiles, int TilesPerRun, int WindowRuns, int AttemptsMax, int Seed, int Harm);

/// <summary>Plays a fleet of workers against a window and keeps its own, naive books: one entry per tile and attempt.</summary>
internal sealed class WindowModel
{
    private readonly WindowCase test;
    private readonly Random random;
    private readonly TileSet done;
    private readonly HashSet<long> doneBefore = [];
    private readonly FakeTimeProvider time = new();
    private readonly DispatchWindow window;
    private readonly List<(long Tile, int Attempt)> inWork = [];
    private readonly List<(long Tile, int Attempt)> history = [];
    private readonly int[] sent;
    private readonly int[] postponed;
    private bool invalid;

    public WindowModel(WindowCase test)
    {
        this.test = test;
        random = new Random(test.Seed);
        done = new TileSet(test.Tiles);
        sent = new int[test.Tiles];
        postponed = new int[test.Tiles];
        for (int tile = 0; tile < test.Tiles; tile++)
        {
            if (random.Next(4) == 0 && done.Add(tile))
                doneBefore.Add(tile);
        }

        window = new DispatchWindow(done, test.TilesPerRun, test.WindowRuns, new RetryPolicy(test.AttemptsMax, test.AttemptsMax), time);
    }

    public void Play()
    {
        for (int step = 0; ; step++)
        {
            Assert.True(step < 10_000, "It does not come to an end.");
            Refill();
            if (window.IsFinished)
                break;
            if (window.Wait is { } wait && (inWork.Count == 0 || random.Next(8) == 0))
            {
                Assert.InRange(wait, TimeSpan.Zero, RetryPolicy.WaitMax);
                time.Advance(wait);
                continue;
            }

            Assert.NotEmpty(inWork);
            Step();
        }

        Assert.Empty(inWork);
        HashSet<long> failed = [.. window.Failed.Select(failure => failure.Tile)];
        for (int tile = 0; tile < test.Tiles; tile++)
        {
            Assert.True(doneBefore.Contains(tile) ? sent[tile] == 0 : sent[tile] > 0 || invalid, $"Tile {tile} was sent {sent[tile]} times.");
            Assert.True(invalid || done.Contains(tile) ^ failed.Contains(tile), $"Tile {tile} is neither done nor failed, or both.");
        }
    }

    private void Refill()
    {
        foreach (TileRun run in window.Refill())
        {
            Assert.InRange(run.Count, 1, test.TilesPerRun);
            for (long tile = run.First; tile < run.First + run.Count; tile++)
            {
                Assert.False(invalid, "Something was sent after the request was found invalid.");
                Assert.False(done.Contains(tile), $"Tile {tile} was done when it was sent.");
                Assert.DoesNotContain(inWork, other => other.Tile == tile);
                Assert.Equal(++sent[tile], run.Attempt);
                Assert.True(sent[tile] - postponed[tile] <= (2 * test.AttemptsMax) - 1, $"Tile {tile} was sent {sent[tile]} times.");
                inWork.Add((tile, run.Attempt));
                history.Add((tile, run.Attempt));
            }

            Assert.True(inWork.Count <= test.TilesPerRun * test.WindowRuns, $"{inWork.Count} tiles are in flight.");
        }

        Assert.Equal(inWork.Count, window.InFlight);
    }

    private void Step()
    {
        (long tile, int attempt) = inWork[random.Next(inWork.Count)];
        if (random.Next(100) >= test.Harm)
        {
            Complete(tile);
            return;
        }

        switch (random.Next(8))
        {
            case 0:
                Complete(history[random.Next(history.Count)].Tile); // a repetition, or the late answer to a lost message
                break;
            case 1:
                window.Resend((lost, times) => DispatchWindowTests.Failure(lost, times, TileErrorKind.Transient));
                inWork.Clear();
                break;
            case 2:
                (long old, int oldAttempt) = history[random.Next(history.Count)];
                Fail(old, oldAttempt, TileErrorKind.Transient); // current or stale
                break;
            case 3 when random.Next(8) == 0:
                Fail(tile, attempt, TileErrorKind.Invalid);
                invalid = true;
                break;
            case 4:
                Fail(tile, attempt, TileErrorKind.Corrupt);
                break;
            case 5:
                window.Fail(DispatchWindowTests.Failure(tile, attempt, TileErrorKind.Transient) with { Postponed = true });
                postponed[tile]++;
                inWork.Remove((tile, attempt));
                break;
            case 6:
                window.Recall();
                inWork.ForEach(other => postponed[other.Tile]++);
                inWork.Clear();
                break;
            default:
                Fail(tile, attempt, TileErrorKind.Transient);
                break;
        }
    }

    private void Complete(long tile)
    {
        bool isNews = !done.Contains(tile);
        Assert.Equal(isNews ? 1 : 0, window.Complete(tile, 1));
        inWork.RemoveAll(other => other.Tile == tile);
    }

    private void Fail(long tile, int attempt, TileErrorKind kind)
    {
        window.Fail(DispatchWindowTests.Failure(tile, attempt, kind));
        inWork.Remove((tile, attempt));
    }
}
