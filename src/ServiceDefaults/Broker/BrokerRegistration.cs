using System.Net.Security;
using System.Security.Authentication;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Upweave.ServiceDefaults.Broker;

/// <summary>Connects a host to RabbitMQ.</summary>
public static class BrokerRegistration
{
    /// <summary>Adds the bus.</summary>
    /// <param name="address">E.g. <c>amqp://user:password@host:5672/vhost</c>; <c>amqps</c> for TLS.</param>
    /// <param name="naming">How messages are named in JSON.</param>
    /// <param name="heartbeat">The broker gives a connection up that was silent for twice as long; at least a second.</param>
    /// <param name="stopTime">How long consumers may go on with what they have begun when the host stops.</param>
    public static IServiceCollection AddBroker(
        this IServiceCollection services, Uri address, JsonNamingPolicy naming, TimeSpan stopTime, TimeSpan heartbeat,
        Action<IBusRegistrationConfigurator> addConsumers,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> addEndpoints)
    {
        services.Configure<MassTransitHostOptions>(options =>
        {
            options.ConsumerStopTimeout = stopTime;
            options.StopTimeout = stopTime + HostTimes.StepDown;
        });
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BrokerLink>();
        services.AddSingleton<IBrokerState>(provider => provider.GetRequiredService<BrokerLink>());
        services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<BrokerLink>());
        services.AddReceiveEndpointObserver<BrokerLog>();
        services.AddReceiveEndpointObserver<BrokerRefusal>();
        return services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(options => options.Name = "broker");
            addConsumers(bus);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(address, host =>
                {
                    host.Heartbeat(heartbeat);
                    if (address.Scheme == "amqps")
                        host.UseSsl(tls => Trust(tls, address.Host));
                });

                // Raw JSON: a message is its fields and nothing else, so that people and programs in any language can read it.
                rabbit.ConfigureJsonSerializerOptions(options => Json(options, naming));
                rabbit.UseRawJsonSerializer(RawSerializerOptions.AddTransportHeaders, isDefault: true);
                rabbit.ConfigureSend(pipe => pipe.UseExecute(NameType));
                rabbit.ConfigurePublish(pipe => pipe.UseExecute(NameType));
                rabbit.DeployPublishTopology = true;
                addEndpoints(context, rabbit);
            });
        });
    }

    /// <summary>The server must be who the address says, by an authority that this machine trusts.</summary>
    private static void Trust(IRabbitMqSslConfigurator tls, string server)
    {
        tls.ServerName = server;
        tls.Protocol = SslProtocols.None; // what the system takes for safe
        tls.EnforcePolicyErrors(
            SslPolicyErrors.RemoteCertificateNotAvailable | SslPolicyErrors.RemoteCertificateNameMismatch
            | SslPolicyErrors.RemoteCertificateChainErrors);
    }

    /// <summary>How messages are read and written.</summary>
    /// <param name="options">The bus's own.</param>
    public static JsonSerializerOptions Json(JsonSerializerOptions options, JsonNamingPolicy naming) =>
        new(options) { PropertyNamingPolicy = naming, WriteIndented = false };

    /// <summary>
    /// A queue that survives the loss of a broker's node and counts how often it has delivered a message. All of Upweave's queues
    /// are; arguments are part of a queue's identity, so they are stated here alone.
    /// </summary>
    /// <param name="lengthMax">Messages that the queue holds; more are refused, and the sender is told.</param>
    public static void BeQuorum(this IRabbitMqQueueConfigurator queue, int lengthMax)
    {
        queue.SetQuorumQueue();
        queue.SetQueueArgument("x-max-length", lengthMax);
        queue.SetQueueArgument("x-overflow", "reject-publish");
    }

    /// <summary>Says in AMQP's <c>type</c> what a message is, e.g. <c>JobAccepted</c>: its fields do not.</summary>
    private static void NameType(SendContext context)
    {
        if (context.TryGetPayload(out RabbitMqSendContext? message) && context.SupportedMessageTypes is [string urn, ..])
            message.BasicProperties.Type = urn[(urn.LastIndexOf(':') + 1)..];
    }
}
