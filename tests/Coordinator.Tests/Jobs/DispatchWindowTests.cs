using CsCheck;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.Storage.Arrays;
using Upweave.Tiling.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

public sealed class DispatchWindowTests
{
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
        DispatchWindow window = new(done, tilesPerRun: 4, windowRuns: 2, attemptsMax: 3);
        Assert.Empty(window.Refill());
        Assert.True(window.IsFinished);
    }

    [Fact]
    public void Refill_HolesBetweenDoneTiles_SendsRunsOfWhatIsMissing()
    {
        TileSet done = new(10);
        foreach (long tile in new long[] { 0, 3, 4, 8 })
        {
            done.Add(tile);
        }

        DispatchWindow window = new(done, tilesPerRun: 3, windowRuns: 9, attemptsMax: 3);
        Assert.Equal([new TileRun(1, 2, 1), new TileRun(5, 3, 1), new TileRun(9, 1, 1)], window.Refill());
    }

    [Fact]
    public void Fail_StaleInvalid_DoesNotStop()
    {
        DispatchWindow window = new(new TileSet(3), tilesPerRun: 1, windowRuns: 1, attemptsMax: 3);
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
        DispatchWindow window = new(new TileSet(3), tilesPerRun: 1, windowRuns: 1, attemptsMax: 3);
        Assert.Single(window.Refill());
        window.Fail(Failure(0, attempt: 1, TileErrorKind.Invalid));
        Assert.Empty(window.Refill());
        Assert.True(window.IsFinished);
        Assert.Equal(0, Assert.Single(window.Failed).Tile);
    }

    [Fact]
    public void Complete_WhileWaitingToGoOutAgain_IsNotSent()
    {
        DispatchWindow window = new(new TileSet(2), tilesPerRun: 1, windowRuns: 1, attemptsMax: 3);
        Assert.Single(window.Refill());
        window.Fail(Failure(0, attempt: 1, TileErrorKind.Transient));
        Assert.Equal(1, window.Complete(0, 1));
        Assert.Equal([new TileRun(1, 1, 1)], window.Refill());
    }

    [Fact]
    public void Stop_TilesInFlight_WaitsForThem()
    {
        DispatchWindow window = new(new TileSet(5), tilesPerRun: 1, windowRuns: 2, attemptsMax: 3);
        Assert.Equal(2, window.Refill().Count());
        window.Stop();
        window.Complete(0, 1);
        Assert.Empty(window.Refill());
        Assert.False(window.IsFinished);
        window.Complete(1, 1);
        Assert.True(window.IsFinished);
    }

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
