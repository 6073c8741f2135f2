using System.Globalization;
using System.Text;
using Upweave.Tests.Otlp.Format;

namespace Upweave.Tests.Otlp;

/// <summary>
/// Metrics as Prometheus scrapes them, under the names that its own OTLP receiver gives them (OpenTelemetry's "Prometheus and OpenMetrics
/// Compatibility"): a unit becomes a suffix unless it is a part of the name already, a counter ends with <c>_total</c>, and service and
/// instance are <c>job</c> and <c>instance</c>. Debian's Prometheus is built without that receiver.
/// </summary>
internal static class PrometheusText
{
    private static readonly Dictionary<string, string> Units = new()
    {
        ["s"] = "seconds", ["ms"] = "milliseconds", ["By"] = "bytes", ["1"] = "",
    };

    /// <summary>The text format, from what every host has sent last of each metric.</summary>
    public static string Write(IEnumerable<OtlpMetric> metrics)
    {
        StringBuilder text = new();
        foreach (OtlpMetric metric in metrics.GroupBy(metric => (metric.Instance, metric.Scope, metric.Name)).Select(sent => sent.Last()))
        {
            string name = NameOf(metric);
            string host = $"job=\"{metric.Service}\",instance=\"{metric.Instance}\"";
            foreach (HistogramPoint point in metric.Histograms)
            {
                WriteHistogram(text, name, host + LabelsOf(OtlpValues.Of(point.Attributes)), point);
            }

            if (metric.Histograms.Count > 0)
                continue;
            foreach ((IReadOnlyDictionary<string, object> tags, double value) in metric.Points)
            {
                Line(text, name, host + LabelsOf(tags), value);
            }
        }

        return text.ToString();
    }

    /// <summary>E.g. <c>upweave_tile_duration_seconds</c>, <c>upweave_bytes_read_total</c>.</summary>
    public static string NameOf(OtlpMetric metric)
    {
        List<string> tokens = [.. metric.Name.Split('.', '_', '-')];
        string unit = metric.Unit.StartsWith('{') ? "" : Units.GetValueOrDefault(metric.Unit, metric.Unit);
        if (unit.Length > 0 && !tokens.Contains(unit))
            tokens.Add(unit);
        if (metric.IsCounter)
            tokens = [.. tokens.Where(token => token != "total"), "total"];
        if (metric is { Unit: "1", Kind: "Gauge" })
            tokens.Add("ratio");
        return string.Join('_', tokens);
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, HistogramPoint point)
    {
        ulong below = 0;
        for (int bucket = 0; bucket < point.BucketCounts.Count; bucket++)
        {
            below += point.BucketCounts[bucket];
            string bound = bucket < point.ExplicitBounds.Count ? point.ExplicitBounds[bucket].ToString(CultureInfo.InvariantCulture) : "+Inf";
            Line(text, name + "_bucket", $"{labels},le=\"{bound}\"", below);
        }

        Line(text, name + "_count", labels, point.Count);
        Line(text, name + "_sum", labels, point.Sum);
    }

    private static string LabelsOf(IReadOnlyDictionary<string, object> tags) => string.Concat(tags.Select(tag =>
        $",{tag.Key.Replace('.', '_')}=\"{Convert.ToString(tag.Value, CultureInfo.InvariantCulture)!.Replace("\\", "\\\\").Replace("\"", "\\\"")}\""));

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append('{').Append(labels).Append("} ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
