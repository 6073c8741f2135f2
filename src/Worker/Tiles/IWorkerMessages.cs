using Upweave.Contracts.Messages;

namespace Upweave.Worker.Tiles;

/// <summary>What a worker says about tiles.</summary>
public interface IWorkerMessages
{
    Task TilesCompletedAsync(TilesCompleted completed, CancellationToken cancellationToken);

    Task TileFailedAsync(TileFailed failed, CancellationToken cancellationToken);
}
