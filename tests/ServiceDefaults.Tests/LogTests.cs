using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Upweave.ServiceDefaults.Broker;
using Upweave.Tests;

namespace Upweave.ServiceDefaults.Tests;

/// <summary>What is lost for an hour is a line in the log, not a thousand.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Broker_LostForManyQueuesAndAttempts_IsALineForEachReason()
    {
        LogLines<BrokerLog> lines = new();
        BrokerLog log = new(lines);
        for (int attempt = 0; attempt < 5; attempt++)
        {
            await log.Faulted(new Fault("a", "Connection refused"));
            await log.Faulted(new Fault("b", "Connection refused"));
        }

        await log.Faulted(new Fault("b", "ACCESS_REFUSED"));
        await log.Ready(new Queue("a"));
        await log.Ready(new Queue("b"));
        await log.Ready(new Queue("b"));
        await log.Faulted(new Fault("a", "Connection refused"));
        Assert.Equal(
            [
                "Warning: The broker cannot be used: Connection refused (rabbitmq://host/a)",
                "Warning: The broker cannot be used: ACCESS_REFUSED (rabbitmq://host/b)",
                "Information: The broker can be used.",
                "Warning: The broker cannot be used: Connection refused (rabbitmq://host/a)",
            ],
            lines.All);
    }

    /// <summary>A coordinator that leaves the lease while the broker is away closes all its queues; they come back with the lease.</summary>
    [Fact]
    public async Task Broker_QueuesAreGivenUpWhileItIsLost_IsSaidToBeBack()
    {
        LogLines<BrokerLog> lines = new();
        BrokerLog log = new(lines);
        await log.Faulted(new Fault("a", "Connection refused"));
        await log.Faulted(new Fault("b", "Connection refused"));
        await log.Stopping(new Stop("a"));
        await log.Ready(new Queue("b"));
        await log.Ready(new Queue("a"));
        await log.Faulted(new Fault("a", "Connection refused"));
        await log.Stopping(new Stop("a"));
        await log.Ready(new Queue("a"));
        string lost = "Warning: The broker cannot be used: Connection refused (rabbitmq://host/a)";
        Assert.Equal([lost, "Information: The broker can be used.", lost, "Information: The broker can be used."], lines.All);
    }

    [Fact]
    public async Task Store_LostForManyProbes_IsALine()
    {
        LogLines<HealthLog> lines = new();
        HealthLog log = new(lines);
        foreach (HealthStatus status in new[] { HealthStatus.Healthy, HealthStatus.Unhealthy, HealthStatus.Unhealthy, HealthStatus.Healthy, HealthStatus.Healthy })
        {
            HealthReportEntry entry = new(status, "No answer in 3 s.", TimeSpan.Zero, exception: null, data: null);
            await log.PublishAsync(
                new HealthReport(new Dictionary<string, HealthReportEntry> { ["store:a"] = entry }, TimeSpan.Zero), TestContext.Current.CancellationToken);
        }

        Assert.Equal(["Warning: store:a does not answer: No answer in 3 s.", "Information: store:a answers again."], lines.All);
    }

    private class Queue(string name) : ReceiveEndpointReady
    {
        public Uri InputAddress { get; } = new($"rabbitmq://host/{name}?temporary=true");

        public IReceiveEndpoint ReceiveEndpoint => throw new InvalidOperationException("Nobody should ask for it.");

        public bool IsStarted => true;
    }

    private sealed class Stop(string name) : Queue(name), ReceiveEndpointStopping
    {
        public bool Removed => true;
    }

    private sealed class Fault(string name, string reason) : Queue(name), ReceiveEndpointFaulted
    {
        public Exception Exception { get; } = new InvalidOperationException("Broker unreachable", new IOException(reason));
    }
}
