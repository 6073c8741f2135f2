using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Upweave.Tests;

/// <summary>
/// Hears the spans and metrics of one source and of the meter of the same name. Everything in the process is heard, so tests that
/// count with it run alone.
/// </summary>
internal sealed class Witness : IDisposable
{
    private readonly ActivityListener spans = new();
    private readonly MeterListener meters = new();
    private readonly List<Activity> heard = [];
    private readonly List<(string Instrument, double Value, string Tags)> measured = [];

    public Witness(string name)
    {
        spans.ShouldListenTo = source => source.Name == name;
        spans.Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded;
        spans.ActivityStopped = span => Note(heard, span);
        ActivitySource.AddActivityListener(spans);
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == name)
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(measured, (instrument.Name, value, Describe(tags))));
        meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(measured, (instrument.Name, value, Describe(tags))));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(measured, (instrument.Name, value, Describe(tags))));
        meters.Start();
    }

    /// <summary>Spans that have ended, in the order of their ends.</summary>
    public IReadOnlyList<Activity> Spans(string name) => [.. All(heard).Where(span => span.OperationName == name)];

    /// <summary>What was added to a counter.</summary>
    /// <param name="tags">E.g. <c>upweave.stage=compute</c>; what the measurement's tags, joined by commas, contain.</param>
    public double Sum(string instrument, string tags = "") => Values(instrument, tags).Sum();

    public IReadOnlyList<double> Values(string instrument, string tags = "") =>
        [.. All(measured).Where(one => one.Instrument == instrument && one.Tags.Contains(tags, StringComparison.Ordinal)).Select(one => one.Value)];

    /// <summary>Asks the gauges that are looked at and do not tell by themselves.</summary>
    public void Observe() => meters.RecordObservableInstruments();

    public void Dispose()
    {
        spans.Dispose();
        meters.Dispose();
    }

    private static string Describe(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));

    private static void Note<T>(List<T> list, T item)
    {
        lock (list)
        {
            list.Add(item);
        }
    }

    private static T[] All<T>(List<T> list)
    {
        lock (list)
        {
            return [.. list];
        }
    }
}
