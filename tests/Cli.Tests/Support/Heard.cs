using Upweave.Contracts.Messages;

namespace Upweave.Cli.Tests.Support;

/// <summary>Messages about one job.</summary>
internal static class Heard
{
    public static readonly Guid Job = new("3f2a0000-0000-4000-8000-000000000001");

    public static readonly JobCancelled Cancelled = new() { JobId = Job };

    public static readonly JobRejected Unknown = new() { JobId = Job, Problems = [] };

    public static readonly JobCompleted Completed = new()
    {
        JobId = Job,
        Output = "data/out.npy",
        Summary = new JobSummary
        {
            Shape = [4, 5],
            Dtype = "float32",
            TileCount = 10,
            TilesComputed = 10,
            HaloShare = 0,
            Elapsed = TimeSpan.FromSeconds(2),
            Ingest = default,
            Export = default,
            Costs = new TileCosts(1, 2, 3, 80, 80),
        },
    };

    public static JobFailed Failed(params long[] tiles) => new()
    {
        JobId = Job,
        Reason = "disk full",
        FailedTiles = [.. tiles.Select(tile => new TileFailed
        {
            JobId = Job,
            PlanHash = "",
            Stage = JobStage.Compute,
            Tile = tile,
            Attempt = 1,
            Kind = TileErrorKind.Transient,
            Message = "disk full",
            Worker = "w1",
        })],
    };

    public static JobProgressed Progress(long tiles) => new()
    {
        JobId = Job,
        Stage = JobStage.Compute,
        TilesDone = tiles,
        TileCount = 10,
        BytesWritten = 8 * tiles,
        Elapsed = TimeSpan.FromSeconds(tiles),
    };

    public static JobStatus Status(JobState state, long tiles = 3, string? reason = null) =>
        new() { JobId = Job, Output = "data/out.npy", State = state, Progress = Progress(tiles), Reason = reason };
}
