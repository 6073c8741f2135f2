using System.Diagnostics.Metrics;

namespace Upweave.ServiceDefaults.Broker;

/// <summary>What hosts count of their messages (docs/telemetry.md).</summary>
public static class BrokerTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Upweave.ServiceDefaults";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        TelemetryNames.MessagesRefused, "{message}", "Messages that were taken from a queue and not handled, for good.");

    /// <summary>A message was refused.</summary>
    /// <param name="reason">One of those of <see cref="MessageGuard"/>.</param>
    internal static void CountRefused(string queue, string reason) => Refused.Add(
        1, new KeyValuePair<string, object?>(TelemetryNames.Queue, queue),
        new KeyValuePair<string, object?>(TelemetryNames.RefusalReason, reason));
}
