using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Upweave.Planning;
using Upweave.Worker.Devices;

namespace Upweave.Worker.Tiles;

/// <summary>As many buffers as a worker holds tiles; whoever wants one more waits.</summary>
public sealed class TileBufferPool(IOptions<WorkerOptions> options, IComputeDevice device) : IDisposable
{
    private readonly SemaphoreSlim free = new(TileFootprint.TilesHeld(options.Value.Slots));
    private readonly ConcurrentStack<TileBuffers> idle = new();

    /// <summary>Never used or freed again.</summary>
    private readonly ConcurrentBag<TileBuffers> abandoned = [];

    /// <summary>Waits for buffers that hold a tile of this size; give them back with <see cref="Return"/>.</summary>
    public async ValueTask<TileBuffers> RentAsync(TileFootprint footprint, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        TileBuffers buffers = idle.TryPop(out TileBuffers? used) ? used : new TileBuffers(device);
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

    /// <summary>Others may use the buffers, unless a lost device may still write to them.</summary>
    public void Return(TileBuffers buffers)
    {
        if (device.Lost is null)
            idle.Push(buffers);
        else
            abandoned.Add(buffers);
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
