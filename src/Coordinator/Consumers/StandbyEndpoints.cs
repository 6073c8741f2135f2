using MassTransit;
using Microsoft.Extensions.Logging;
using Upweave.Coordinator.Standby;
using Upweave.ServiceDefaults;

namespace Upweave.Coordinator.Consumers;

/// <summary>Connects the queues of <see cref="JobEndpoints"/> to the running bus, and disconnects them. For one caller at a time.</summary>
public sealed class StandbyEndpoints(IReceiveEndpointConnector bus, HostEnd end, ILogger<StandbyEndpoints> log) : IActiveEndpoints
{
    private const int StuckExitCode = 1;

    private readonly List<HostReceiveEndpointHandle> connected = [];
    private Task stops = Task.CompletedTask;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await stops.WaitAsync(cancellationToken); // the bus has one endpoint of a name
        foreach ((string name, Action<IRabbitMqReceiveEndpointConfigurator, IRegistrationContext> configure) in JobEndpoints.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            connected.Add(bus.ConnectReceiveEndpoint(
                name, (context, endpoint) => configure((IRabbitMqReceiveEndpointConfigurator)endpoint, context)));
        }

        await Task.WhenAll(connected.Select(endpoint => endpoint.Ready)).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// What is being handled is waited for a moment: it can do nothing that matters any more. Nor does a broker that is away keep this
    /// coordinator from standing by; the stop ends behind its back then.
    /// </summary>
    public async Task DisconnectAsync()
    {
        stops = Task.WhenAll(connected.Select(StopAsync));
        connected.Clear();
        try
        {
            await stops.WaitAsync(HostTimes.CoordinatorDisconnect);
        }
        catch (TimeoutException)
        {
            log.LogWarning("The queues could not be left in {Seconds} s.", HostTimes.CoordinatorDisconnect.TotalSeconds);
            _ = EndWhenStuckAsync(stops);
        }
    }

    /// <summary>One that cannot leave its queues could not read them again: it ends, and is of use once it is started anew.</summary>
    private async Task EndWhenStuckAsync(Task stopping)
    {
        try
        {
            await stopping.WaitAsync(HostTimes.CoordinatorStop);
        }
        catch (TimeoutException)
        {
            log.LogCritical("The queues cannot be left; the coordinator ends.");
            end.Fail(StuckExitCode);
        }
    }

    private async Task StopAsync(HostReceiveEndpointHandle endpoint)
    {
        try
        {
            await endpoint.StopAsync(CancellationToken.None);
        }
        catch (Exception error)
        {
            log.LogWarning("A queue was not left in good order: {Reason}", error.GetBaseException().Message);
        }
    }
}
