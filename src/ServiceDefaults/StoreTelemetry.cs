using System.Diagnostics.Metrics;

namespace Upweave.ServiceDefaults;

/// <summary>Whether the host's stores answer, as a metric (docs/telemetry.md).</summary>
internal static class StoreTelemetry
{
    private static readonly Meter Meter = new("Upweave.ServiceDefaults");

    private static readonly Gauge<int> Available = Meter.CreateGauge<int>(
        TelemetryNames.StoreAvailable, "{store}", "Whether a store answers this host: 1 or 0.");

    /// <param name="store">Its name in the configuration.</param>
    public static void Note(string store, bool isAvailable) =>
        Available.Record(isAvailable ? 1 : 0, new KeyValuePair<string, object?>(TelemetryNames.StoreName, store));
}
