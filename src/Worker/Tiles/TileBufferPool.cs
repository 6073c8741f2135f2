using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Upweave.Planning;

namespace Upweave.Worker.Tiles;

/// <summary>As many buffers as a worker holds tiles; whoever wants one more waits.</summary>
public sealed class TileBufferPool(IOptions<WorkerOptions> options) : IDisposable
{
    private readonly SemaphoreSlim free = new(TileFootprint.TilesHeld(options.Value.Slots));
    private readonly ConcurrentStack<TileBuffers> idle = new();

    /// <summary>Waits for buffers that hold a tile of this size; give them back with <see cref="Return"/>.</summary>
    public async ValueTask<TileBuffers> RentAsync(TileFootprint footprint, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        TileBuffers buffers = idle.TryPop(out TileBuffers? used) ? used : new TileBuffers();
        try
        {
            buffers.Fit(footprint);
            return buffers;
        }
        catch
        {
            buffers.Dispose();
            free.Release();
            throw;
        }
    }

    public void Return(TileBuffers buffers)
    {
        idle.Push(buffers);
        free.Release();
    }

    public void Dispose()
    {
        while (idle.TryPop(out TileBuffers? buffers))
        {
            buffers.Dispose();
        }

        free.Dispose();
    }
}
