using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>
/// How fast tiles are done, over the last seconds rather than since the start: what was found done, and a slow
/// beginning, do not distort it.
/// </summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private readonly Queue<JobProgressed> samples = [];
    private JobProgressed? latest;

    /// <summary>Tiles per second; 0 until there are two samples.</summary>
    public double TilesPerSecond { get; private set; }

    /// <summary>Bytes of output per second.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>Time that the missing tiles will take; null where nothing can be said yet.</summary>
    public TimeSpan? Remaining => latest is null || TilesPerSecond <= 0
        ? null
        : TimeSpan.FromSeconds((latest.TileCount - latest.TilesDone) / TilesPerSecond);

    /// <summary>Takes in a sample; those of one stage follow each other, and a new stage starts over.</summary>
    public void Add(JobProgressed sample)
    {
        if (latest?.Stage != sample.Stage)
            samples.Clear();
        samples.Enqueue(sample);
        latest = sample;
        while (samples.Count > 2 && sample.Elapsed - samples.Peek().Elapsed > Window)
        {
            samples.Dequeue();
        }

        JobProgressed first = samples.Peek();
        double seconds = (sample.Elapsed - first.Elapsed).TotalSeconds;
        TilesPerSecond = seconds > 0 ? (sample.TilesDone - first.TilesDone) / seconds : 0;
        BytesPerSecond = seconds > 0 ? (sample.BytesWritten - first.BytesWritten) / seconds : 0;
    }
}
