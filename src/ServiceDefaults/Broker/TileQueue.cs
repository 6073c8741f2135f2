using MassTransit;

namespace Upweave.ServiceDefaults.Broker;

/// <summary>
/// The queue of runs of tiles. Coordinator and workers both declare it, since either may start first, and a queue declared
/// with other arguments is an error: so its arguments stand here once.
/// </summary>
public static class TileQueue
{
    /// <summary>Runs that wait: those of all windows of all jobs, and room.</summary>
    public const int RunsMax = 1_000_000;

    /// <summary>
    /// Deliveries after which a run counts as deadly. A run that was given back by a worker in good order counts too, so this is
    /// more than a run sees when a fleet is replaced worker by worker.
    /// </summary>
    public const int DeliveriesMax = 6;

    /// <summary>
    /// How long a worker may hold a run. Above the broker's usual half hour, for pictures that are decoded or encoded whole;
    /// tiles take seconds.
    /// </summary>
    public static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromHours(3);

    /// <summary>Declares the queue.</summary>
    /// <param name="dead">The exchange that gets the runs that were delivered too often.</param>
    public static void Declare(IRabbitMqQueueConfigurator queue, string dead)
    {
        queue.BeQuorum(RunsMax);
        queue.SetQueueArgument("x-delivery-limit", DeliveriesMax);
        queue.SetQueueArgument("x-consumer-timeout", AcknowledgeTimeout);
        queue.SetQueueArgument("x-dead-letter-exchange", dead);
    }
}
