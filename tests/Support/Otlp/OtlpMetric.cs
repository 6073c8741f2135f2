using Upweave.Tests.Otlp.Format;

namespace Upweave.Tests.Otlp;

/// <summary>A metric as it came, with the points of all its tags.</summary>
internal sealed class OtlpMetric(Resource resource, string scope, Metric metric)
{
    public string Service { get; } = (string)OtlpValues.Of(resource.Attributes)["service.name"];

    public string Instance { get; } = (string)OtlpValues.Of(resource.Attributes)["service.instance.id"];

    public string Scope => scope;

    public string Name => metric.Name;

    public string Unit => metric.Unit;

    public string Description => metric.Description;

    /// <summary>E.g. <c>Histogram</c>.</summary>
    public string Kind => metric.DataCase.ToString();

    /// <summary>A sum that only grows.</summary>
    public bool IsCounter => metric.Sum is { IsMonotonic: true };

    /// <summary>Values of a gauge or a sum; the counts of a histogram.</summary>
    public IReadOnlyList<(IReadOnlyDictionary<string, object> Tags, double Value)> Points => metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => Numbers(metric.Gauge.DataPoints),
        Metric.DataOneofCase.Sum => Numbers(metric.Sum.DataPoints),
        _ => [.. Histograms.Select(point => (OtlpValues.Of(point.Attributes), (double)point.Count))],
    };

    public IReadOnlyList<HistogramPoint> Histograms => metric.Histogram?.DataPoints ?? [];

    private static IReadOnlyList<(IReadOnlyDictionary<string, object> Tags, double Value)> Numbers(IEnumerable<NumberPoint> points) =>
    [
        .. points.Select(point => (OtlpValues.Of(point.Attributes),
            point.ValueCase == NumberPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble)),
    ];
}
