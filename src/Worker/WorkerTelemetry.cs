using System.Diagnostics;
using System.Diagnostics.Metrics;
using Upweave.Contracts.Messages;
using Upweave.ServiceDefaults;

namespace Upweave.Worker;

/// <summary>The worker's source of spans and its metrics (docs/telemetry.md): next to nothing while nobody listens.</summary>
public static class WorkerTelemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "Upweave.Worker";

    private static readonly Meter Meter = new(Name);

    /// <summary>From a millisecond, a small tile on a local disk, to a minute.</summary>
    private static readonly InstrumentAdvice<double> TileSeconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    internal static ActivitySource Source { get; } = new(Name);

    internal static Histogram<double> TileDuration { get; } = Seconds(
        TelemetryNames.TileDuration, "A tile from the message to the report, waiting for memory and for a thread included.");

    internal static Histogram<double> ReadDuration { get; } = Seconds(
        TelemetryNames.TileReadDuration, "Waiting for a tile's input and decoding it.");

    internal static Histogram<double> ComputeDuration { get; } = Seconds(
        TelemetryNames.TileComputeDuration, "A tile in the kernel and the encoder, on one core.");

    internal static Histogram<double> WriteDuration { get; } = Seconds(
        TelemetryNames.TileWriteDuration, "Waiting for the store to have a tile.");

    /// <summary>From a queue that is empty to an hour behind other jobs.</summary>
    private static readonly InstrumentAdvice<double> QueueSeconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    };

    internal static Histogram<double> QueueDuration { get; } = Meter.CreateHistogram(
        TelemetryNames.QueueDuration, "s", "A run of tiles from when the coordinator sends it until a worker takes it.", tags: null,
        QueueSeconds);

    private static readonly Counter<long> Errors = Meter.CreateCounter<long>(
        TelemetryNames.TileErrors, "{error}", "Attempts at tiles and pictures that failed, by the kind of error.");

    internal static Counter<long> MultiplyAdds { get; } = Meter.CreateCounter<long>(
        TelemetryNames.MultiplyAdds, "{operation}", "Multiply-adds of completed tiles, as the plan counts them.");

    internal static UpDownCounter<int> Slots { get; } = Meter.CreateUpDownCounter<int>(
        TelemetryNames.Slots, "{slot}", "Threads that compute tiles.");

    internal static UpDownCounter<int> SlotsBusy { get; } = Meter.CreateUpDownCounter<int>(
        TelemetryNames.SlotsBusy, "{slot}", "Threads that compute one now.");

    internal static Counter<long> BytesRead { get; } = Meter.CreateCounter<long>(
        TelemetryNames.BytesRead, "By", "Elements read for tiles, uncompressed.");

    internal static Counter<long> BytesWritten { get; } = Meter.CreateCounter<long>(
        TelemetryNames.BytesWritten, "By", "Elements of completed tiles, uncompressed.");

    /// <summary>A part of a tile's work begins; null when nobody traces.</summary>
    /// <param name="tile">The tile's span: a compute thread has no current one.</param>
    internal static Activity? StartPhase(string name, Activity? tile) =>
        tile is null ? null : Source.StartActivity(name, ActivityKind.Internal, tile.Context);

    /// <summary>Attempts have failed.</summary>
    internal static void CountErrors(TileErrorKind kind, int attempts) =>
        Errors.Add(attempts, new KeyValuePair<string, object?>(TelemetryNames.ErrorKind, kind.ToString().ToLowerInvariant()));

    private static Histogram<double> Seconds(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, tags: null, TileSeconds);
}
