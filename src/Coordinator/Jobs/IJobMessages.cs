using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Jobs;

/// <summary>What a job says to the outside.</summary>
public interface IJobMessages
{
    /// <summary>Queues a run of tiles for any worker.</summary>
    Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken);

    /// <summary>Tells everybody who listens.</summary>
    Task AnnounceAsync<TEvent>(TEvent happened, CancellationToken cancellationToken)
        where TEvent : class;
}
