using MassTransit;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Upweave.ServiceDefaults.Broker;

/// <summary>
/// Ends a host whose user or password the broker does not accept. MassTransit waits for a broker that is away, but asks one that
/// refuses no second time: the host would be there for ever and do nothing.
/// </summary>
internal sealed class BrokerRefusal(HostEnd end, ILogger<BrokerRefusal> log) : IReceiveEndpointObserver
{
    private int isTold;

    public Task Faulted(ReceiveEndpointFaulted fault)
    {
        if (IsRefusal(fault.Exception) && Interlocked.Exchange(ref isTold, 1) == 0)
        {
            log.LogCritical("The broker does not accept the user or the password. hint: correct them in {Setting}", "Upweave:Broker");
            end.Fail(HostProgram.WrongConfiguration);
        }

        return Task.CompletedTask;
    }

    public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    private static bool IsRefusal(Exception? error) => error switch
    {
        null => false,
        AuthenticationFailureException => true,
        AggregateException several => several.InnerExceptions.Any(IsRefusal),
        _ => IsRefusal(error.InnerException),
    };
}
