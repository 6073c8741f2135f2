using Upweave.Contracts.Messages;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

public sealed class RunReportTests
{
    private static readonly ComputeTiles Run = new()
    {
        JobId = Guid.NewGuid(),
        Output = "s/out.npy",
        PlanHash = "p",
        Stage = JobStage.Compute,
        FirstTile = 10,
        TileCount = 6,
        Attempt = 2,
    };

    private readonly Heard heard = new();

    [Fact]
    public async Task FailAsync_BetweenCompletedTiles_KeepsTheOrder()
    {
        RunReport report = new(Run, "w", heard, TimeProvider.System);
        report.Complete(new TileOutcome(new TileCosts(1, 1, 1, 1, 1), 0.5, "a"));
        report.Complete(new TileOutcome(new TileCosts(2, 2, 2, 2, 2), 2.5, "b"));
        await report.FailAsync(new IOException("disk"), "c", TestContext.Current.CancellationToken);
        report.Complete(new TileOutcome(new TileCosts(4, 4, 4, 4, 4), 1, TraceId: null));
        await report.FailRestAsync(new IOException("disk"), TestContext.Current.CancellationToken);
        await report.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal("done 10+2, failed 12, done 13+1, failed 14, failed 15", heard.Story);
        Assert.Equal([new TileCosts(3, 3, 3, 3, 3), new TileCosts(4, 4, 4, 4, 4)], heard.Completed.Select(done => done.Costs));
        Assert.Equal([new SlowTile(11, 2.5, "b"), new SlowTile(13, 1)], heard.Completed.Select(done => done.Slowest));
        Assert.Equal(["c", null, null], heard.Failed.Select(failed => failed.TraceId));
        Assert.All(heard.Failed, failed => Assert.Equal((Run.JobId, "p", 2, "w"), (failed.JobId, failed.PlanHash, failed.Attempt, failed.Worker)));
    }

    [Fact]
    public async Task FlushAsync_NothingNew_SaysNothing()
    {
        RunReport report = new(Run, "w", heard, TimeProvider.System);
        await report.FlushAsync(TestContext.Current.CancellationToken);
        report.Complete(new TileOutcome(TileCosts.Zero, 0, TraceId: null));
        await report.FlushAsync(TestContext.Current.CancellationToken);
        await report.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal("done 10+1", heard.Story);
    }
}
