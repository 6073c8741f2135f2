using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>The state of one job.</summary>
internal static class StatusReport
{
    public static Report Create(JobStatus job) => new Report()
        .Row("job", job.JobId.ToString())
        .Row("output", job.Output)
        .Row("state", State(job))
        .Row("tiles", Tiles(job.Progress))
        .Row("written", $"{Units.Bytes(job.Progress.BytesWritten)}, uncompressed")
        .Row("time", Units.Duration(job.Progress.Elapsed))
        .Row("warning", job.Warning)
        .Row("reason", job.Reason?.ReplaceLineEndings(" "));

    /// <summary>E.g. <c>completed</c>, <c>computing</c>.</summary>
    public static string State(JobStatus job) => job switch
    {
        { Paused: true } => "paused",
        { State: JobState.Running } => ProgressText.Stage(job.Progress.Stage),
        _ => job.State.ToString().ToLowerInvariant(),
    };

    /// <summary>E.g. <c>120 of 320 (37.5%)</c>.</summary>
    public static string Tiles(JobProgressed progress)
    {
        double share = progress.TileCount == 0 ? 0 : (double)progress.TilesDone / progress.TileCount;
        return $"{Units.Count(progress.TilesDone)} of {Units.Count(progress.TileCount)} ({Units.Share(share)})";
    }
}
