namespace Upweave.Coordinator.Jobs;

/// <summary>Knows whether there are workers.</summary>
public interface IFleetWatch
{
    /// <summary>Whether any worker reads the queue of tiles now; null when that cannot be known.</summary>
    Task<bool?> IsAnyoneThereAsync(CancellationToken cancellationToken);
}
