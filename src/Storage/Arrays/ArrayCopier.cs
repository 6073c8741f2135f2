using System.Buffers;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>Copies an array from any format to any that is written, tile by tile, its element type preserved.</summary>
public static class ArrayCopier
{
    /// <summary>Tiles in memory at the same time.</summary>
    private const int ParallelTilesMax = 4;

    /// <summary>Copies the tiles that are not done yet, then publishes the array.</summary>
    /// <param name="condition">See <see cref="IArrayWriter.CommitAsync"/>.</param>
    /// <param name="progress">Told the number of tiles done, first those of an earlier attempt.</param>
    /// <returns>False when the condition does not hold.</returns>
    /// <exception cref="ArgumentException">Shape or type of the output is not the input's.</exception>
    public static async ValueTask<bool> CopyAsync(
        IArrayReader reader,
        IArrayWriter writer,
        WriteCondition condition,
        IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        OutputLayout layout = writer.Layout;
        if (layout.Shape != reader.Info.Shape || layout.Type != reader.Info.Type)
        {
            throw new ArgumentException(
                $"An array {reader.Info.Shape} of {reader.Info.Type.Name()} cannot be copied to {layout.Shape} of {layout.Type.Name()}.",
                nameof(writer));
        }

        if (!await writer.PrepareAsync(condition, cancellationToken))
            return false;
        if (!await writer.IsCommittedAsync(cancellationToken))
            await CopyMissingAsync(reader, writer, progress, cancellationToken);
        return await writer.CommitAsync(condition, cancellationToken);
    }

    private static async ValueTask CopyMissingAsync(
        IArrayReader reader, IArrayWriter writer, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        TileGrid tiles = writer.Layout.Tiles();
        TileSet done = new(tiles.Count);
        await writer.FindDoneAsync(done, cancellationToken);
        long count = done.Count;
        progress?.Report(count);
        ParallelOptions options = new()
        {
            MaxDegreeOfParallelism = Math.Min(ParallelTilesMax, Environment.ProcessorCount),
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(Missing(done), options, async (tile, cancelled) =>
        {
            await CopyTileAsync(reader, writer, tile, tiles[tile], cancelled);
            progress?.Report(Interlocked.Increment(ref count));
        });
    }

    private static IEnumerable<long> Missing(TileSet done)
    {
        for (long tile = done.NextMissing(0); tile >= 0; tile = done.NextMissing(tile + 1))
        {
            yield return tile;
        }
    }

    private static async ValueTask CopyTileAsync(
        IArrayReader reader, IArrayWriter writer, long tile, Box box, CancellationToken cancellationToken)
    {
        int bytes = checked((int)(box.Volume * reader.Info.Type.Size()));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            await reader.ReadAsync(box, buffer.AsMemory(0, bytes), cancellationToken);
            using EncodedTile encoded = writer.Encode(tile, buffer.AsMemory(0, bytes));
            await writer.WriteAsync(encoded, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
