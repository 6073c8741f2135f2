using MassTransit;
using Microsoft.Extensions.Logging;

namespace Upweave.ServiceDefaults.Broker;

/// <summary>
/// Says in one line why the broker cannot be used, once for each reason, and in one when it can be used again. MassTransit says so
/// for every queue and every attempt, each time with a stack of calls; its own lines are below the level of the log.
/// </summary>
internal sealed class BrokerLog(ILogger<BrokerLog> log) : IReceiveEndpointObserver
{
    /// <summary>The most reasons that are told before the broker can be used again.</summary>
    private const int ReasonsMax = 16;

    private readonly Lock gate = new();
    private readonly HashSet<Uri> faulted = [];
    private readonly HashSet<string> reasons = [];

    public Task Ready(ReceiveEndpointReady ready)
    {
        lock (gate)
        {
            faulted.Remove(ready.InputAddress);
            if (reasons.Count > 0 && faulted.Count == 0)
            {
                reasons.Clear();
                log.LogInformation("The broker can be used.");
            }
        }

        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted fault)
    {
        string reason = fault.Exception?.GetBaseException().Message ?? "it does not say why";
        lock (gate)
        {
            faulted.Add(fault.InputAddress);
            if (reasons.Count < ReasonsMax && reasons.Add(reason))
            {
                log.LogWarning(
                    "The broker cannot be used: {Reason} ({Queue})", reason,
                    fault.InputAddress.GetLeftPart(UriPartial.Path));
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>A queue that is not to be read any more is no fault; of one that is lost there may be no other word.</summary>
    public Task Stopping(ReceiveEndpointStopping stopping) => ForgetAsync(stopping.InputAddress);

    public Task Completed(ReceiveEndpointCompleted completed) => ForgetAsync(completed.InputAddress);

    private Task ForgetAsync(Uri queue)
    {
        lock (gate)
        {
            faulted.Remove(queue);
        }

        return Task.CompletedTask;
    }
}
