using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Standby;
using Upweave.ServiceDefaults.Broker;

namespace Upweave.Coordinator.Consumers;

/// <summary>The coordinator's exchanges and queues on RabbitMQ.</summary>
public static class JobEndpoints
{
    /// <summary>Requests that wait; more are refused. A job is a few KB.</summary>
    private const int RequestsMax = 10_000;

    /// <summary>Reports that wait: those of all windows of all jobs, and room.</summary>
    private const int ReportsMax = 1_000_000;

    /// <summary>Requests of a kind that are taken at the same time. Jobs are planned one after the other all the same.</summary>
    private const ushort RequestsAtOnce = 16;

    private const ushort ReportsAtOnce = 256;

    /// <summary>The queues that a coordinator reads, each with what makes it what it is.</summary>
    public static IReadOnlyList<(string Name, Action<IRabbitMqReceiveEndpointConfigurator, IRegistrationContext> Configure)> All { get; } =
    [
        (WireNames.SubmitJob, BeRequests<SubmitJobConsumer>),
        (WireNames.CancelJob, BeRequests<CancelJobConsumer>),
        (WireNames.RetryJob, BeRequests<RetryJobConsumer>),
        (WireNames.PauseJob, BeRequests<PauseJobConsumer>),
        (WireNames.ResumeJob, BeRequests<ResumeJobConsumer>),
        (WireNames.GetJob, BeRequests<GetJobConsumer>),
        (WireNames.TileReports, BeReports),
        (WireNames.TilesDead, BeDeadTiles),
    ];

    /// <summary>Names what a coordinator sends.</summary>
    public static void NameJobExchanges(this IRabbitMqBusFactoryConfigurator rabbit)
    {
        rabbit.Message<ComputeTiles>(message => message.SetEntityName(WireNames.Tiles));
        rabbit.Publish<ComputeTiles>(message => message.BindQueue(
            WireNames.Tiles, WireNames.Tiles, queue => TileQueue.Declare(queue, WireNames.TilesDead)));
        NameEvent<JobProgressed>(rabbit, happened => happened.JobId);
        NameEvent<JobCompleted>(rabbit, happened => happened.JobId);
        NameEvent<JobFailed>(rabbit, happened => happened.JobId);
        NameEvent<JobCancelled>(rabbit, happened => happened.JobId);
    }

    /// <summary>Reads the queues from the start of the bus to its end: for a coordinator that has no other beside it.</summary>
    public static void AddJobEndpoints(this IRabbitMqBusFactoryConfigurator rabbit, IBusRegistrationContext context)
    {
        foreach ((string name, Action<IRabbitMqReceiveEndpointConfigurator, IRegistrationContext> configure) in All)
        {
            rabbit.ReceiveEndpoint(name, endpoint => configure(endpoint, context));
        }
    }

    private static void BeReports(IRabbitMqReceiveEndpointConfigurator endpoint, IRegistrationContext context)
    {
        endpoint.BeQuorum(ReportsMax);
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PrefetchCount = ReportsAtOnce;
        endpoint.PublishFaults = false;
        MessageGuard.Guard(endpoint, WireNames.TileReports, context, NoAnswer, IsForTheActiveOne);
        endpoint.ConfigureConsumer<TilesCompletedConsumer>(context);
        endpoint.ConfigureConsumer<TileFailedConsumer>(context);
    }

    private static void BeDeadTiles(IRabbitMqReceiveEndpointConfigurator endpoint, IRegistrationContext context)
    {
        endpoint.BeQuorum(TileQueue.RunsMax);
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        MessageGuard.Guard(endpoint, WireNames.TilesDead, context, NoAnswer, IsForTheActiveOne);
        endpoint.ConfigureConsumer<DeadTilesConsumer>(context);
    }

    /// <summary>
    /// A queue for requests of any client: whatever lies there is taken for the one message that belongs there, without a type
    /// or an envelope; what cannot be read is answered too.
    /// </summary>
    private static void BeRequests<TConsumer>(IRabbitMqReceiveEndpointConfigurator endpoint, IRegistrationContext context)
        where TConsumer : class, IConsumer
    {
        endpoint.BeQuorum(RequestsMax);
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PrefetchCount = RequestsAtOnce;
        endpoint.PublishFaults = false;
        endpoint.ClearSerialization();
        endpoint.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType | RawSerializerOptions.AddTransportHeaders, isDefault: true);
        MessageGuard.Guard(endpoint, endpoint.InputAddress.Segments[^1], context, RefusalPublisher.AnswerAsync, IsForTheActiveOne);
        endpoint.ConfigureConsumer<TConsumer>(context);
    }

    private static Task NoAnswer(ReceiveContext context, string message) => Task.CompletedTask;

    private static bool IsForTheActiveOne(Exception error) => error.GetBaseException() is LeadershipLostException;

    private static void NameEvent<TEvent>(IRabbitMqBusFactoryConfigurator rabbit, Func<TEvent, Guid> jobId)
        where TEvent : class
    {
        rabbit.Message<TEvent>(message => message.SetEntityName(WireNames.JobEvents));
        rabbit.Publish<TEvent>(message => message.ExchangeType = "topic");
        rabbit.Send<TEvent>(message => message.UseRoutingKeyFormatter(context => jobId(context.Message).ToString()));
    }
}
