using System.Diagnostics;
using Upweave.Contracts.Messages;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tiling;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Pyramids;

/// <summary>
/// Computes a tile of a lower resolution, chunk by chunk: so it holds the tile, and of the level below only what one chunk stands for.
/// </summary>
public sealed class PyramidService(TileBufferPool pool, ComputeThreads threads, TimeProvider time)
{
    /// <summary>Durable in the output store on return.</summary>
    public async Task<TileCosts> ComputeAsync(PyramidLevelContext level, long tile, CancellationToken cancellationToken)
    {
        Box box = level.Tiles[tile];
        OutputLayout layout = level.Writer.Layout;
        int elementBytes = layout.Type.Size();
        TileBuffers buffers = await pool.RentAsync(level.Footprint, cancellationToken);
        try
        {
            Memory<byte> elements = buffers.Raw.Memory[..checked((int)(box.Volume * elementBytes))];
            TileGrid chunks = new(box.Shape, layout.Chunk);
            TimeSpan reading = default;
            TimeSpan computing = default;
            long bytesRead = 0;
            Activity? span = Activity.Current;
            using Activity? halving = WorkerTelemetry.StartPhase("compute", span); // reading and computing take turns in it
            for (long number = 0; number < chunks.Count; number++)
            {
                Box chunk = chunks[number].Translate(box.Origin);
                Box below = level.BoxBelow(chunk);
                Memory<byte> source = buffers.Input.Memory[..checked((int)(below.Volume * elementBytes))];
                long start = time.GetTimestamp();
                await ReadAsync(level, below, source, cancellationToken);
                long read = time.GetTimestamp();
                await threads.RunAsync(
                    () => Halve(level, chunk, below, source, buffers.Output.Memory, box, elements), cancellationToken);
                reading += time.GetElapsedTime(start, read);
                computing += time.GetElapsedTime(read);
                bytesRead += source.Length;
            }

            using EncodedTile encoded = await threads.RunAsync(() => level.Writer.Encode(tile, elements), cancellationToken);
            WorkerTelemetry.ReadDuration.Record(reading.TotalSeconds);
            WorkerTelemetry.ComputeDuration.Record(computing.TotalSeconds);
            halving?.Stop();
            using TilePhase writing = TilePhase.Start("write", span, WorkerTelemetry.WriteDuration, time);
            await level.Writer.WriteAsync(encoded, cancellationToken);
            double writeSeconds = writing.Complete();
            return new TileCosts(reading.TotalSeconds, computing.TotalSeconds, writeSeconds, bytesRead, elements.Length);
        }
        finally
        {
            pool.Return(buffers);
        }
    }

    /// <summary>A late worker may have written a chunk again, with the same bytes: the next attempt opens the level anew.</summary>
    private static async ValueTask ReadAsync(
        PyramidLevelContext level, Box below, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            await level.Below.ReadAsync(below, destination, cancellationToken);
        }
        catch (ObjectChangedException rewritten)
        {
            throw new IOException(rewritten.Message, rewritten);
        }
    }

    private static bool Halve(
        PyramidLevelContext level, Box chunk, Box below, ReadOnlyMemory<byte> source, Memory<byte> means, Box tile, Memory<byte> elements)
    {
        ElementType type = level.Writer.Layout.Type;
        Span<byte> half = means.Span[..checked((int)(chunk.Volume * type.Size()))];
        BlockMean.Compute(type, source.Span, below.Shape, level.Halved, half);
        StridedCopy.CopyBox(chunk, half, chunk, elements.Span, tile, type.Size());
        return true;
    }
}
