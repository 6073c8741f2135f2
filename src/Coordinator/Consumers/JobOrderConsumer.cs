using MassTransit;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Tells a job of an order. The answer is the job's state just then.</summary>
/// <param name="jobId">The job that an order is for.</param>
public abstract class JobOrderConsumer<TOrder>(JobService jobs, Func<TOrder, Guid> jobId) : IConsumer<TOrder>
    where TOrder : class
{
    public async Task Consume(ConsumeContext<TOrder> context)
    {
        Guid id = jobId(context.Message);
        if (await jobs.OrderAsync(id, context.Message, context.CancellationToken) is { } status)
            await context.ReplyAsync(status);
        else
            await context.ReplyAsync(UnknownJob.Answer(id));
    }
}
