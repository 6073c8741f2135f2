using System.Diagnostics;
using System.Diagnostics.Metrics;
using Upweave.ServiceDefaults;

namespace Upweave.Worker.Tiles;

/// <summary>A part of a tile's work while it lasts: reading, computing or writing. A span, and a time in a histogram.</summary>
internal sealed class TilePhase : IDisposable
{
    private readonly Activity? span;
    private readonly Histogram<double> histogram;
    private readonly TimeProvider time;
    private readonly long start;
    private bool completed;

    private TilePhase(Activity? span, Histogram<double> histogram, TimeProvider time)
    {
        this.span = span;
        this.histogram = histogram;
        this.time = time;
        start = time.GetTimestamp();
    }

    /// <param name="tile">The tile's span: a compute thread has no current one.</param>
    public static TilePhase Start(string name, Activity? tile, Histogram<double> histogram, TimeProvider time) =>
        new(WorkerTelemetry.StartPhase(name, tile), histogram, time);

    /// <summary>The phase has gone well.</summary>
    /// <param name="device">What computed, in the phase that does.</param>
    /// <returns>How long it took, in seconds.</returns>
    public double Complete(string? device = null)
    {
        completed = true;
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        TagList tags = device is null ? default : new TagList { { TelemetryNames.Device, device } };
        histogram.Record(seconds, tags);
        return seconds;
    }

    /// <summary>What went wrong is on the tile's span.</summary>
    public void Dispose()
    {
        if (!completed)
            span?.SetStatus(ActivityStatusCode.Error);
        span?.Dispose();
    }
}
