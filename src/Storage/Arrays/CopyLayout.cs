using Upweave.Storage.Nifti;
using Upweave.Storage.Tiff;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>The layout of a plain copy: what an array is cut into when no plan says so.</summary>
public static class CopyLayout
{
    /// <summary>A tile of an .npy or .nii, in bytes, about.</summary>
    private const long RowRangeBytes = 8 << 20;

    private const long ChannelsMax = 16;

    private static readonly LayoutOptions NoOptions = new(Compression: null, Level: null, Chunk: null, Shard: false);

    /// <summary>
    /// For .npy and .nii tiles are contiguous ranges of about 8 MiB. For zarr a tile is one chunk: 512 x 512 on the last two axes,
    /// or 64 x 64 x 64 on the last three where they are space (<see cref="SpatialRank"/>), and a single index on the others; or a shard of
    /// chunks of 256 x 256 or 64 x 64 x 64.
    /// </summary>
    /// <param name="path">Path in the store.</param>
    /// <param name="owner">Names who writes; letters and digits.</param>
    /// <exception cref="InvalidArrayException">The format cannot hold such an array.</exception>
    public static OutputLayout For(ArrayInfo info, OutputFormat format, string path, string owner, LayoutOptions? options = null)
    {
        if (format is OutputFormat.Tiff or OutputFormat.OmeTiff)
            return TiffTiling.CopyLayout(info, format, path, owner, options ?? NoOptions);
        if (!ArrayWriters.IsLinear(format))
            return ZarrCopyLayout.For(info, format, path, owner, options ?? NoOptions);
        Dims tile = RowRange(info.Shape, info.Type.Size());
        OutputLayout layout = new()
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
        if (format != OutputFormat.Nifti)
            return layout;
        // Its channels may be stored outside of its batch, and a tile's elements are to be one run there.
        LinearFormat linear = NiftiOutput.Format(layout);
        tile = linear.Cut(shape => RowRange(shape, info.Type.Size()), info.Shape);
        return layout with { Tile = tile, Chunk = tile };
    }

    /// <summary>The axes of an array that does not name them: three are a volume where the first is too long to be channels.</summary>
    public static string AxesOf(Dims shape)
    {
        if (shape.Count == 3)
            return shape[0] > ChannelsMax ? "zyx" : "cyx";
        return "nczyx"[Math.Max(0, 5 - shape.Count)..];
    }

    /// <summary>
    /// How many of the last axes are space: three where they are named so, where there are four or five, or three of which the first is too
    /// long to be channels; else two.
    /// </summary>
    public static int SpatialRank(ArrayInfo info) => Math.Min(
        info.Shape.Count, (info.Axes ?? AxesOf(info.Shape)).EndsWith("zyx", StringComparison.Ordinal) ? 3 : 2);

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
