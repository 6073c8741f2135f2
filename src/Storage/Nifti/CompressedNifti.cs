using Upweave.Storage.Arrays;
using Upweave.Storage.Pictures;
using Upweave.Storage.Sequential;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Nifti;

/// <summary>A <c>.nii.gz</c>: a NIfTI compressed as a whole, which is read from its beginning to its end.</summary>
internal static class CompressedNifti
{
    /// <summary>True for its extension, in upper or lower case.</summary>
    public static bool IsInput(string path) => path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Decompresses the header alone.</summary>
    public static async ValueTask<SequentialHeader> ReadHeaderAsync(IObjectStore store, string path, CancellationToken cancellationToken)
    {
        ObjectInfo info = await store.StatAsync(path, cancellationToken)
            ?? throw new InvalidArrayException($"{path}: there is no such file.", "check the path and its spelling");
        await using GzipContent content = await GzipContent.OpenAsync(store, info, path, cancellationToken);
        NiftiHeader header = await ReadHeaderAsync(content, path, cancellationToken);
        if (Length(header) / GzipContent.RatioMax > info.Length)
        {
            throw new InvalidArrayException(
                $"{path} is truncated: {info.Length} bytes of gzip cannot hold shape {header.Shape} of {header.StoredType.Name()}.",
                "copy it again");
        }

        return new SequentialHeader(header.Describe("gzip"), PictureIdentity.Of(info).ToString(), PeakBytes);
    }

    /// <summary>See <see cref="SequentialFiles.IngestAsync"/>.</summary>
    public static async Task IngestAsync(
        IObjectStore store, string path, string identity, IArrayWriter target, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        PictureIdentity pinned = PictureIdentity.Parse(identity);
        ObjectInfo info = new(path, pinned.Length, pinned.ETag, default);
        NiftiHeader header;
        await using (GzipContent start = await GzipContent.OpenAsync(store, info, path, cancellationToken))
        {
            header = await ReadHeaderAsync(start, path, cancellationToken);
        }

        if (header.Shape != target.Layout.Shape || header.Type != target.Layout.Type)
        {
            throw new InvalidArrayException(
                $"{path} is {header.Type.Name()} {header.Shape}, but was planned as {target.Layout.Type.Name()} {target.Layout.Shape}.",
                "plan the job again");
        }

        // Again from the beginning: now it is known how much there must be.
        await using GzipContent content = await GzipContent.OpenAsync(store, info, path, cancellationToken);
        content.Expect(Length(header));
        await content.SkipToAsync(header.DataOffset, cancellationToken);
        await IngestAsync(content, header, target, progress, cancellationToken);
        await content.EndAsync(cancellationToken);
    }

    private static long Length(NiftiHeader header) => header.DataOffset + header.DataBytes;

    private static long PeakBytes(OutputLayout target)
    {
        long tile = checked(target.Tiles().Tile.Volume * target.Type.Size());
        return checked((2 * tile) + ArrayWriters.EncodedBytesMax(target) + GzipContent.HeldBytes + (2 * ScaledSource.PieceBytes));
    }

    private static async ValueTask<NiftiHeader> ReadHeaderAsync(GzipContent content, string path, CancellationToken cancellationToken)
    {
        byte[] start = new byte[NiftiHeaderReader.BytesMax];
        int count = await content.ReadAsync(start, cancellationToken);
        return NiftiHeaderReader.Parse(start[..count], path);
    }

    private static async Task IngestAsync(
        GzipContent content, NiftiHeader header, IArrayWriter target, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        TileGrid tiles = target.Layout.Tiles();
        TileSet done = new(tiles.Count);
        await target.FindDoneAsync(done, cancellationToken);
        int bytes = checked((int)(tiles.Tile.Volume * header.Type.Size()));
        byte[] filling = new byte[bytes];
        byte[] writing = new byte[bytes];
        Task written = Task.CompletedTask;
        try
        {
            for (long place = 0; place < tiles.Count; place++)
            {
                long tile = Stored(header, tiles, place);
                Memory<byte> elements = filling.AsMemory(0, (int)(tiles[tile].Volume * header.Type.Size()));
                await FillAsync(content, header, elements, cancellationToken);
                await written;
                (filling, writing) = (writing, filling);
                written = done.Contains(tile) ? Task.CompletedTask : WriteAsync(target, tile, elements, cancellationToken);
                progress?.Report((place + 1.0) / tiles.Count);
            }

            await written;
        }
        finally
        {
            // Where reading failed, that is the error to report; the write only has to have ended.
            await Task.WhenAny(written);
        }
    }

    private static async Task WriteAsync(
        IArrayWriter target, long tile, ReadOnlyMemory<byte> elements, CancellationToken cancellationToken)
    {
        using EncodedTile encoded = target.Encode(tile, elements);
        await target.WriteAsync(encoded, cancellationToken);
    }

    /// <summary>The number of the tile whose elements are stored at a place of all tiles: channels are stored outside of a batch.</summary>
    private static long Stored(NiftiHeader header, TileGrid tiles, long place)
    {
        if (!header.IsSwapped)
            return place;
        long inner = tiles.Counts.From(2).Volume;
        (long outer, long within) = Math.DivRem(place, inner);
        (long channel, long item) = Math.DivRem(outer, header.Batch);
        return (((item * header.Channels) + channel) * inner) + within;
    }

    private static async ValueTask FillAsync(
        GzipContent content, NiftiHeader header, Memory<byte> elements, CancellationToken cancellationToken)
    {
        int size = header.StoredType.Size();
        if (header.Scaling is not { } scaling)
        {
            await content.ReadExactlyAsync(elements, cancellationToken);
            if (header.BigEndian)
                ByteOrder.Reverse(elements.Span, size);
            return;
        }

        int wide = header.Type.Size();
        byte[] piece = new byte[ScaledSource.PieceBytes];
        int most = piece.Length / size;
        for (int start = 0; start < elements.Length; start += most * wide)
        {
            int count = Math.Min(most, (elements.Length - start) / wide);
            Memory<byte> stored = piece.AsMemory(0, count * size);
            await content.ReadExactlyAsync(stored, cancellationToken);
            if (header.BigEndian)
                ByteOrder.Reverse(stored.Span, size);
            scaling.Apply(header.StoredType, stored.Span, elements.Span.Slice(start, count * wide));
        }
    }
}
