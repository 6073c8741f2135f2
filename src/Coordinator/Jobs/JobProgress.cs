using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;

namespace Upweave.Coordinator.Jobs;

/// <summary>Counts what a job has done since it was started or resumed, and says so a few times a second at most.</summary>
public sealed class JobProgress(Guid jobId, long tileCount, TimeProvider time)
{
    /// <summary>Shortest time between two reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long started = time.GetTimestamp();
    private long reported;
    private bool isExported;

    public JobStage Stage { get; set; }

    /// <summary>Time spent in decoding a picture.</summary>
    public TimeSpan Ingest { get; private set; }

    /// <summary>Time spent in encoding a picture.</summary>
    public TimeSpan Export { get; private set; }

    /// <summary>Why tiles are put off; null when they are not.</summary>
    public string? Postponed { get; set; }

    public long TilesDone { get; set; }

    public long TilesComputed { get; private set; }

    public TileCosts Costs { get; private set; } = TileCosts.Zero;

    public TimeSpan Elapsed => time.GetElapsedTime(started);

    /// <summary>Counts tiles of the compute stage.</summary>
    public void Add(int tiles, TileCosts costs)
    {
        TilesDone += tiles;
        TilesComputed += tiles;
        Costs += costs;
    }

    /// <summary>Counts the time of a stage that is a single task.</summary>
    public void AddTask(JobStage stage, TimeSpan taken)
    {
        if (stage == JobStage.Ingest)
            Ingest += taken;
        else
            Export += taken;
        isExported = stage == JobStage.Export;
    }

    /// <summary>What is left for workers to do, in tiles; a picture that is to be written is one more.</summary>
    public long Remaining(bool exports) => Math.Max(0, tileCount - TilesDone) + (exports && !isExported ? 1 : 0);

    /// <summary>True when it is time for a report; asking resets the interval.</summary>
    public bool IsDue()
    {
        if (reported != 0 && time.GetElapsedTime(reported) < Interval)
            return false;
        reported = time.GetTimestamp();
        return true;
    }

    /// <summary>What is said of a job that is completed.</summary>
    public JobSummary Summarize(JobPlan plan) => new()
    {
        Shape = plan.Output.Shape,
        Dtype = plan.Output.Dtype,
        TileCount = tileCount,
        TilesComputed = TilesComputed,
        HaloShare = plan.Prediction.HaloShare,
        Elapsed = Elapsed,
        Ingest = Ingest,
        Export = Export,
        Costs = Costs,
    };

    public JobProgressed Report() => new()
    {
        JobId = jobId,
        Stage = Stage,
        TilesDone = TilesDone,
        TileCount = tileCount,
        BytesWritten = Costs.BytesWritten,
        Elapsed = Elapsed,
    };
}
