using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.Storage.Arrays;
using Upweave.Tiling.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

public sealed class DispatchWindowTests
{
    private readonly FakeTimeProvider time = new();

    private static readonly Gen<WindowCase> Cases = Gen.Select(
        Gen.Int[0, 40], Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, int.MaxValue - 1], Gen.Int[0, 30],
        (tiles, perRun, window, attempts, seed, harm) => new WindowCase(tiles, perRun, window, attempts, seed, harm));

    [Fact]
    public void Refill_AnyHistory_KeepsItsPromises() => Property.Holds(Cases, test => new WindowModel(test).Play());

    [Fact]
    public void Refill_NothingMissing_IsFinishedAtOnce()
    {
        TileSet done = new(2);
        done.Add(0);
        done.Add(1);
        DispatchWindow window = Window(done, tilesPerRun: 4, windowRuns: 2);
        Assert.Empty(window.Refill());
        Assert.True(window.IsFinished);
    }

    [Fact]
    public void Look_TilesOutWaitingAndFailed_AreToldApart()
    {
        TileSet done = new(6);
        DispatchWindow window = new(done, tilesPerRun: 1, windowRuns: 4, new RetryPolicy(2, 2), new FakeTimeProvider());
        Assert.Equal(4, window.Refill().Count());
        window.Complete(0, 1);
        window.Fail(Failure(1, attempt: 1, TileErrorKind.Transient));
        window.Fail(Failure(2, attempt: 1, TileErrorKind.Corrupt));
        TilesAside aside = window.Look();
        Assert.Equal([3], aside.Out);
        Assert.Equal([1], aside.Again);
        Assert.Equal([2], aside.Failed.Select(tile => tile.Tile));
    }

    [Fact]
    public void Refill_HolesBetweenDoneTiles_SendsRunsOfWhatIsMissing()
    {
        TileSet done = new(10);
        foreach (long tile in new long[] { 0, 3, 4, 8 })
        {
            done.Add(tile);
        }

        DispatchWindow window = Window(done, tilesPerRun: 3, windowRuns: 9);
        Assert.Equal([new TileRun(1, 2, 1), new TileRun(5, 3, 1), new TileRun(9, 1, 1)], window.Refill());
    }

    [Fact]
    public void Fail_StaleInvalid_DoesNotStop()
    {
        DispatchWindow window = Window(new TileSet(3), tilesPerRun: 1, windowRuns: 1);
        Assert.Single(window.Refill());
        window.Resend((_, _) => throw new InvalidOperationException("too early"));
        Assert.Equal([new TileRun(0, 1, 2)], window.Refill());
        window.Fail(Failure(0, attempt: 1, TileErrorKind.Invalid));
        window.Complete(0, 1);
        Assert.Empty(window.Failed);
        Assert.Equal([new TileRun(1, 1, 1)], window.Refill());
    }

    [Fact]
    public void Fail_Invalid_SendsNothingMore()
    {
        DispatchWindow window = Window(new TileSet(3), tilesPerRun: 1, windowRuns: 1);
        Assert.Single(window.Refill());
        window.Fail(Failure(0, attempt: 1, TileErrorKind.Invalid));
        Assert.Empty(window.Refill());
        Assert.True(window.IsFinished);
        Assert.Equal(0, Assert.Single(window.Failed).Tile);
    }

    [Fact]
    public void Complete_WhileWaitingToGoOutAgain_IsNotSent()
    {
        DispatchWindow window = Window(new TileSet(2), tilesPerRun: 1, windowRuns: 1);
        Assert.Single(window.Refill());
        window.Fail(Failure(0, attempt: 1, TileErrorKind.Transient));
        Assert.Equal(1, window.Complete(0, 1));
        Assert.Null(window.Wait);
        Assert.Equal([new TileRun(1, 1, 1)], window.Refill());
    }

    [Fact]
    public void Stop_TilesInFlight_WaitsForThem()
    {
        DispatchWindow window = Window(new TileSet(5), tilesPerRun: 1, windowRuns: 2);
        Assert.Equal(2, window.Refill().Count());
        window.Stop();
        window.Complete(0, 1);
        Assert.Empty(window.Refill());
        Assert.False(window.IsFinished);
        window.Complete(1, 1);
        Assert.True(window.IsFinished);
    }

    [Fact]
    public void Fail_Transient_WaitsLongerEachTimeWhileOthersGoOn()
    {
        DispatchWindow window = Window(new TileSet(100), tilesPerRun: 1, windowRuns: 1, attemptsMax: 6);
        Assert.Equal([new TileRun(0, 1, 1)], window.Refill());
        int attempt = 1;
        foreach (int seconds in new[] { 1, 4, 16, 60, 60 })
        {
            window.Fail(Failure(0, attempt++, TileErrorKind.Transient));
            TileRun other = Assert.Single(window.Refill());
            Assert.NotEqual(0, other.First);
            window.Complete(other.First, 1);
            Assert.Equal(TimeSpan.FromSeconds(seconds), window.Wait);
            time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            other = Assert.Single(window.Refill());
            Assert.NotEqual(0, other.First);
            window.Complete(other.First, 1);
            time.Advance(TimeSpan.FromTicks(1));
            Assert.Equal([new TileRun(0, 1, attempt)], window.Refill());
        }

        window.Fail(Failure(0, attempt, TileErrorKind.Transient));
        Assert.Null(window.Wait);
        Assert.Equal(0, Assert.Single(window.Failed).Tile);
    }

    [Fact]
    public void Fail_NoWorkerSurvives_GoesOutAgainAtOnceAndCountsByItself()
    {
        DispatchWindow window = Window(new TileSet(1), tilesPerRun: 1, windowRuns: 1, attemptsMax: 2);
        Assert.Single(window.Refill());
        window.Fail(Failure(0, attempt: 1, TileErrorKind.Transient)); // 1 of 2 errors
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(window.Refill());
        for (int attempt = 2; attempt <= 4; attempt++)
        {
            Assert.Empty(window.Failed);
            window.Fail(Failure(0, attempt, TileErrorKind.Transient) with { Worker = "" });
            Assert.Equal(attempt < 4 ? 1 : 0, window.Refill().Count());
        }

        Assert.Equal(4, Assert.Single(window.Failed).Attempt);
        Assert.True(window.IsFinished);
    }

    [Fact]
    public void Fail_EveryTileForAWhile_HoldsFewOfThem()
    {
        DispatchWindow window = Window(new TileSet(10_000), tilesPerRun: 2, windowRuns: 3);
        HashSet<long> touched = [];
        while (window.Refill().ToArray() is { Length: > 0 } runs)
        {
            foreach (TileRun run in runs)
            {
                for (long tile = run.First; tile < run.First + run.Count; tile++)
                {
                    touched.Add(tile);
                    window.Fail(Failure(tile, run.Attempt, TileErrorKind.Transient));
                }
            }
        }

        Assert.InRange(touched.Count, 24, 30); // four windows of six wait, and no fifth begins
        Assert.Equal(TimeSpan.FromSeconds(1), window.Wait);
    }

    [Fact]
    public void Fail_ThousandTilesForGood_GivesTheRestUp()
    {
        DispatchWindow window = Window(new TileSet(5000), tilesPerRun: 1, windowRuns: 10);
        while (window.Refill().ToArray() is { Length: > 0 } runs)
        {
            Array.ForEach(runs, run => window.Fail(Failure(run.First, 1, TileErrorKind.Corrupt)));
        }

        Assert.Equal(DispatchWindow.FailedMax, window.Failed.Count);
        Assert.True(window.IsFinished);
    }

    private DispatchWindow Window(TileSet done, int tilesPerRun, int windowRuns, int attemptsMax = 3) =>
        new(done, tilesPerRun, windowRuns, new RetryPolicy(attemptsMax, LossesMax: 3), time);

    internal static TileFailed Failure(long tile, int attempt, TileErrorKind kind) => new()
    {
        JobId = Guid.Empty,
        PlanHash = "",
        Stage = JobStage.Compute,
        Tile = tile,
        Attempt = attempt,
        Kind = kind,
        Message = "scripted",
        Worker = "w",
    };
}
