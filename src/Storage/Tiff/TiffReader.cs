using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tiff;

/// <summary>
/// Reads boxes of a TIFF or BigTIFF: of pages that are not compressed only the rows that are wanted, else the tiles and strips that a
/// box touches, each decoded once while it stays cached. Equal pages are z, or what ImageJ's or OME's metadata say.
/// </summary>
internal sealed class TiffReader : IArrayReader
{
    /// <summary>Decoded chunks kept for the next box, in bytes.</summary>
    private const long CacheBytes = 64 << 20;

    /// <summary>Tiles or pages of one box that are read at the same time.</summary>
    private const int ParallelParts = 4;

    private readonly TiffLayout layout;
    private readonly TileGrid parts;
    private readonly TiffPlainReader plain;
    private readonly TiffChunkLoader loader;
    private readonly ChunkCache cache;
    private readonly int elementBytes;

    private TiffReader(TiffFile file, TiffStack stack, string identity, IReadOnlyList<ArrayLevel> levels)
    {
        layout = stack.Layout;
        elementBytes = layout.Type.Size();
        Identity = identity;
        StoredBigEndian = layout.IsPlain && file.BigEndian && elementBytes > 1;
        byte[] fill = TiffFill.Of(layout.Type, stack.Space?.Georeference?.NoData);
        TiffSegments segments = new(file.Source, file.BigEndian, file.Name);
        plain = new TiffPlainReader(file.Source, stack, segments, file.BigEndian ? [.. fill.Reverse()] : fill);
        loader = new TiffChunkLoader(file.Source, stack, segments, new TiffDecoder(layout, file.BigEndian), fill);
        Dims part = PartShape(stack);
        parts = new TileGrid(stack.Shape, part);
        long chunkBytes = checked(parts.Tile.Volume * elementBytes);
        // One chunk at least, or each box would decode it again.
        long cacheBytes = Math.Min(
            Math.Max(CacheBytes, chunkBytes + ChunkCache.EntryBytes), checked(parts.Count * (chunkBytes + ChunkCache.EntryBytes)));
        cache = new ChunkCache(cacheBytes);
        IReadOnlyList<TiffPage> pages = stack.IsOfSubdirectories ? [.. file.Pages, .. stack.Planes] : file.Pages;
        KeptBytes = checked(
            TiffTables.Bytes(pages.Count, pages.Sum(page => page.Layout?.TileCount ?? 0))
            + pages.Select(page => page.JpegTables).OfType<byte[]>().Distinct().Sum(tables => (long)tables.Length)
            + (layout.IsPlain ? 0 : cacheBytes));
        Info = new ArrayInfo
        {
            Format = "tiff",
            Shape = stack.Shape,
            Type = layout.Type,
            Axes = stack.Axes.Axes,
            Chunk = layout.IsPlain && !layout.IsTiled ? null : parts.Tile,
            Space = stack.Space,
            Codecs = Codecs(layout, file.BigEndian),
            Levels = levels,
        };
    }

    public ArrayInfo Info { get; }

    public string Identity { get; }

    public bool StoredBigEndian { get; }

    /// <param name="info">The file.</param>
    /// <param name="level">One of its resolutions by its number, 0 the full one; null: the file as a whole, which is that too.</param>
    /// <param name="reference">Names it in messages.</param>
    /// <param name="identity">Pins it.</param>
    /// <exception cref="InvalidArrayException">It is malformed, or not to be read by box, or has no such level.</exception>
    public static async ValueTask<TiffReader> OpenAsync(
        IObjectStore store, ObjectInfo info, string? level, string reference, string identity, CancellationToken cancellationToken)
    {
        TiffFile file = await TiffFile.OpenAsync(new ObjectSource(store, info), reference, cancellationToken);
        TiffStack stack = await TiffStacks.FindAsync(file, cancellationToken);
        TiffLevels levels = await TiffLevels.FindAsync(file, stack, cancellationToken);
        return level is null
            ? new TiffReader(file, stack, identity, levels.Describe())
            : new TiffReader(file, await levels.OpenAsync(level, cancellationToken), identity, []);
    }

    public async ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await ReadStoredAsync(box, destination, cancellationToken);
        if (StoredBigEndian)
            ByteOrder.Reverse(destination.Span, elementBytes);
    }

    public async ValueTask ReadStoredAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        BoxCheck.Throw(Info, box, destination.Length);
        ParallelOptions options = new() { MaxDegreeOfParallelism = ParallelParts, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(parts.Covering(box), options, async (index, cancelled) =>
        {
            Box part = parts[index];
            Box wanted = part.Intersect(box);
            if (layout.IsPlain)
            {
                await plain.ReadAsync(wanted, destination, box, cancelled);
                return;
            }

            byte[]? chunk = await cache.GetAsync(index, given => loader.LoadAsync(part, given), cancelled);
            StridedCopy.CopyBox(wanted, chunk, part, destination.Span, box, elementBytes);
        });
    }

    public long ReadOverheadBytes(Dims boxShape)
    {
        long touched = 1;
        for (int axis = 0; axis < boxShape.Count; axis++)
        {
            long along = Math.Min(parts.Counts[axis], 1 + IntegerMath.CeilDiv(boxShape[axis], parts.Tile[axis]));
            touched = Math.Min(ParallelParts, touched * along);
        }

        return checked(touched * (layout.IsPlain
            ? TiffPlainReader.OverheadBytes(layout, boxShape[^2], Math.Min(boxShape[^1], layout.TileWidth))
            : (parts.Tile.Volume * elementBytes) + TiffChunkLoader.OverheadBytes(layout)));
    }

    /// <summary>Pages, where their tiles lie, tables of JPEG, and decoded chunks.</summary>
    public long KeptBytes { get; }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What lies together: a tile or some strips of one page; of strips that are not compressed, the page.</summary>
    private static Dims PartShape(TiffStack stack)
    {
        TiffLayout layout = stack.Layout;
        long rows = layout.IsPlain && !layout.IsTiled ? layout.Height : TiffChunkLoader.Rows(layout);
        return stack.Axes.Join(1, layout.TileSamples, stack.Depth > 1 ? [1, rows, layout.TileWidth] : [rows, layout.TileWidth]);
    }

    private static string[] Codecs(TiffLayout layout, bool bigEndian) =>
    [
        .. bigEndian && layout.Type.Size() > 1 ? new[] { "big-endian" } : [],
        .. layout.Compression == TiffCompression.None ? [] : new[] { layout.Compression.ToString().ToLowerInvariant() },
        .. layout.Predictor == 1 ? [] : new[] { $"predictor {layout.Predictor}" },
        .. layout.IsPlanar ? new[] { "planar" } : [],
    ];
}
