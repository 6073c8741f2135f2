using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Jobs;

/// <summary>The tiles of a window that are neither durable nor untouched, at one moment.</summary>
/// <param name="Out">Sent to workers and not answered.</param>
/// <param name="Again">Wait to go out again.</param>
/// <param name="Failed">Failed for good.</param>
public sealed record TilesAside(IReadOnlyList<long> Out, IReadOnlyList<long> Again, IReadOnlyList<TileFailed> Failed)
{
    public static TilesAside None { get; } = new([], [], []);
}
