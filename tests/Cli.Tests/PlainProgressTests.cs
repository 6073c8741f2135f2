using Upweave.Cli.Rendering;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Tests;

public sealed class PlainProgressTests : IDisposable
{
    private readonly StringWriter writer = new();
    private readonly PlainProgress progress;

    public PlainProgressTests() => progress = new PlainProgress(writer);

    public void Dispose() => writer.Dispose();

    [Fact]
    public void Report_EachStage_HasALine()
    {
        progress.Report(At(JobStage.Ingest, 0, 0));
        progress.Report(At(JobStage.Compute, 0, 1));
        progress.Report(At(JobStage.Export, 100, 2));
        progress.Report(At(JobStage.Commit, 100, 3));
        Assert.Equal(["reading input", "computing       0/100 tiles", "writing picture", "publishing"], Lines());
    }

    /// <summary>10 tiles of 1 MB per second: 100 tiles of progress in 50 steps of 0.2 s each.</summary>
    [Fact]
    public void Report_FastJob_HasALineForEachTenth()
    {
        for (int step = 0; step <= 50; step++)
        {
            progress.Report(At(JobStage.Compute, 2 * step, 0.2 * step));
        }

        string[] lines = Lines();
        Assert.Equal(11, lines.Length);
        Assert.Equal("computing       50/100 tiles  10 tiles/s  10 MB/s  ETA 5 s", lines[5]);
        Assert.Equal("computing       100/100 tiles  10 tiles/s  10 MB/s", lines[10]);
    }

    [Fact]
    public void Report_SlowJob_HasALineEveryTwoSeconds()
    {
        progress.Report(At(JobStage.Compute, 0, 0));
        progress.Report(At(JobStage.Compute, 1, 1));
        progress.Report(At(JobStage.Compute, 2, 2));
        progress.Report(At(JobStage.Compute, 3, 3));
        progress.Report(At(JobStage.Compute, 4, 4));
        Assert.Equal(3, Lines().Length);
    }

    /// <summary>What an earlier run had done says nothing of this one's speed.</summary>
    [Fact]
    public void Report_ResumedJob_MeasuresThisRunOnly()
    {
        progress.Report(At(JobStage.Compute, 80, 0));
        progress.Report(At(JobStage.Compute, 90, 5));
        Assert.Equal("computing       90/100 tiles  2 tiles/s  2 MB/s  ETA 5 s", Lines()[1]);
    }

    [Fact]
    public void Report_FailedTile_NamesTileAttemptAndReasonOnOneLine()
    {
        progress.Report(new TileFailed
        {
            JobId = Guid.Empty,
            PlanHash = "",
            Stage = JobStage.Compute,
            Tile = 12,
            Attempt = 2,
            Kind = TileErrorKind.Transient,
            Message = "disk full" + Environment.NewLine + "at /x",
            Worker = "w1",
        });
        Assert.Equal("tile 12 failed (attempt 2, w1): disk full at /x", Assert.Single(Lines()));
    }

    private static JobProgressed At(JobStage stage, long tiles, double seconds) => new()
    {
        JobId = Guid.Empty,
        Stage = stage,
        TilesDone = tiles,
        TileCount = 100,
        BytesWritten = tiles * 1_000_000,
        Elapsed = TimeSpan.FromSeconds(seconds),
    };

    private string[] Lines() => writer.ToString().Split(writer.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
