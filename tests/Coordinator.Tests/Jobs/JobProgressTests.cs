using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Tests.Jobs;

public sealed class JobProgressTests
{
    [Fact]
    public void IsDue_WithinTheInterval_IsFalse()
    {
        FakeTimeProvider time = new();
        JobProgress progress = new(Guid.NewGuid(), 10, time);
        Assert.True(progress.IsDue());
        Assert.False(progress.IsDue());
        time.Advance(JobProgress.Interval - TimeSpan.FromTicks(1));
        Assert.False(progress.IsDue());
        time.Advance(TimeSpan.FromTicks(1));
        Assert.True(progress.IsDue());
        Assert.False(progress.IsDue());
    }

    [Fact]
    public void Report_AfterTiles_AddsThemUp()
    {
        FakeTimeProvider time = new();
        Guid id = Guid.NewGuid();
        JobProgress progress = new(id, 10, time) { TilesDone = 3, Stage = JobStage.Compute };
        progress.Add(2, new TileCosts(1, 2, 3, 4, 5));
        progress.Add(1, new TileCosts(1, 2, 3, 4, 5));
        time.Advance(TimeSpan.FromSeconds(7));
        JobProgressed expected = new()
        {
            JobId = id,
            Stage = JobStage.Compute,
            TilesDone = 6,
            TileCount = 10,
            BytesWritten = 10,
            Elapsed = TimeSpan.FromSeconds(7),
        };
        Assert.Equal(expected, progress.Report());
        Assert.Equal(3, progress.TilesComputed);
    }
}
