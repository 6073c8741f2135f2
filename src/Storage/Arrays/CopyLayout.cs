using Upweave.Storage.Tiff;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>The layout of a plain copy: what an array is cut into when no plan says so.</summary>
public static class CopyLayout
{
    /// <summary>A tile of an .npy, in bytes, about.</summary>
    private const long RowRangeBytes = 8 << 20;

    private const long PlaneChunk = 512;
    private const long VolumeChunk = 64;
    private const long ChannelsMax = 16;

    /// <summary>
    /// For .npy tiles are contiguous ranges of about 8 MiB. For zarr a tile is one chunk: 512 x 512 on the last two axes,
    /// or 64 x 64 x 64 on the last three where they are known to be space (axes <c>zyx</c>, or three axes of which the first
    /// is too long to be channels), and a single index on the others.
    /// </summary>
    /// <param name="path">Path in the store.</param>
    /// <param name="owner">Names who writes; letters and digits.</param>
    public static OutputLayout For(ArrayInfo info, OutputFormat format, string path, string owner)
    {
        if (format is OutputFormat.Tiff or OutputFormat.OmeTiff)
            return TiffTiling.CopyLayout(info, format, path, owner);
        Dims tile = format == OutputFormat.Npy ? RowRange(info.Shape, info.Type.Size()) : Chunk(info);
        return new OutputLayout
        {
            Format = format,
            Path = path,
            Owner = owner,
            Shape = info.Shape,
            Type = info.Type,
            Axes = info.Axes,
            Space = info.Space,
            Tile = tile,
            Chunk = tile,
        };
    }

    /// <summary>The axes of an array that does not name them: three are a volume where the first is too long to be channels.</summary>
    public static string AxesOf(Dims shape) => shape.Count == 3
        ? shape[0] > ChannelsMax ? "zyx" : "cyx"
        : "nczyx"[Math.Max(0, 5 - shape.Count)..];

    private static Dims Chunk(ArrayInfo info)
    {
        int rank = info.Shape.Count;
        bool isVolume = info.Axes is { } axes
            ? axes.EndsWith("zyx", StringComparison.Ordinal)
            : rank == 3 && info.Shape[0] > ChannelsMax;
        int spatial = isVolume ? 3 : 2;
        long extent = isVolume ? VolumeChunk : PlaneChunk;
        return Dims.Build(rank, axis => axis < rank - spatial ? 1 : Math.Min(extent, info.Shape[axis]));
    }

    /// <summary>Whole on the inner axes, a range on one, a single index on the outer ones; few enough to be blocks
    /// even at half size.</summary>
    private static Dims RowRange(Dims shape, int elementBytes)
    {
        const long tilesMax = 24_000;
        long bytes = checked(shape.Volume * elementBytes);
        long wanted = Math.Max(RowRangeBytes, IntegerMath.CeilDiv(bytes, tilesMax)) / elementBytes;
        long[] tile = new long[shape.Count];
        for (int axis = shape.Count - 1; axis >= 0; axis--)
        {
            tile[axis] = Math.Clamp(wanted, 1, shape[axis]);
            wanted = tile[axis] == shape[axis] ? wanted / shape[axis] : 1;
        }

        return Dims.Create(tile);
    }
}
