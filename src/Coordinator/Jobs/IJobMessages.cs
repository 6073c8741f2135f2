using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Jobs;

/// <summary>What a job says to the outside.</summary>
public interface IJobMessages
{
    /// <summary>Queues a run of tiles for any worker.</summary>
    Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken);

    /// <summary>Tells everybody who listens.</summary>
    /// <param name="happened">One of the events of <see cref="Contracts.Messages"/>.</param>
    Task AnnounceAsync(object happened, CancellationToken cancellationToken);
}
