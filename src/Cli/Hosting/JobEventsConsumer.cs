using MassTransit;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Hosting;

/// <summary>Hands the events of jobs to <see cref="JobEvents"/>.</summary>
internal sealed class JobEventsConsumer(JobEvents events)
    : IConsumer<JobProgressed>, IConsumer<TileFailed>, IConsumer<JobCompleted>, IConsumer<JobFailed>, IConsumer<JobCancelled>
{
    public Task Consume(ConsumeContext<JobProgressed> context) => PassAsync(context);

    public Task Consume(ConsumeContext<TileFailed> context) => PassAsync(context);

    public Task Consume(ConsumeContext<JobCompleted> context) => PassAsync(context);

    public Task Consume(ConsumeContext<JobFailed> context) => PassAsync(context);

    public Task Consume(ConsumeContext<JobCancelled> context) => PassAsync(context);

    private Task PassAsync<T>(ConsumeContext<T> context)
        where T : class => events.WriteAsync(context.Message, context.CancellationToken).AsTask();
}

/// <summary>One event at a time, so that they keep their order.</summary>
internal sealed class JobEventsConsumerDefinition : ConsumerDefinition<JobEventsConsumer>
{
    public JobEventsConsumerDefinition()
    {
        EndpointName = "cli-job-events";
        ConcurrentMessageLimit = 1;
    }
}
