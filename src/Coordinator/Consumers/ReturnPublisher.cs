using System.Runtime.ExceptionServices;
using MassTransit;
using MassTransit.Middleware;
using Upweave.Coordinator.Standby;

namespace Upweave.Coordinator.Consumers;

/// <summary>Hands a message back to its queue when it is for the coordinator that is active now.</summary>
public sealed class ReturnPublisher : IFilter<ExceptionReceiveContext>
{
    /// <summary>All other errors end where MassTransit puts them.</summary>
    public static void Configure(IReceiveEndpointConfigurator endpoint) => endpoint.ConfigureError(pipe =>
    {
        pipe.UseFilter(new ReturnPublisher());
        pipe.UseFilter(new GenerateFaultFilter());
        pipe.UseFilter(new ErrorTransportFilter());
    });

    /// <summary>What is thrown here makes the transport refuse the message, so that the broker delivers it again.</summary>
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (context.Exception.GetBaseException() is LeadershipLostException)
            ExceptionDispatchInfo.Throw(context.Exception);
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("return");
}
