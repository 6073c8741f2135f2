using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Cli.Arrays;

/// <summary>How a copied array is laid out where it goes.</summary>
internal static class CopyLayout
{
    private const long TileBytes = 8 << 20;

    /// <param name="path">In the store; its extension chooses the format.</param>
    /// <exception cref="InvalidArrayException">The extension names no format that can be written.</exception>
    public static OutputLayout Create(ArrayInfo source, string path)
    {
        OutputFormat format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => OutputFormat.Npy,
            ".zarr" => OutputFormat.Zarr,
            string other => throw new InvalidArrayException(
                $"The extension '{other}' of {path} names no format that can be written.", "use .npy, .zarr, .png or .tif"),
        };
        Dims tile = format == OutputFormat.Npy ? Rows(source) : source.Chunk ?? Blocks(source);
        return new OutputLayout
        {
            Format = format,
            Path = path,
            Owner = Guid.NewGuid().ToString("N"),
            Shape = source.Shape,
            Type = source.Type,
            Axes = source.Axes,
            Tile = tile,
            Chunk = tile,
        };
    }

    /// <summary>
    /// A range that lies in one piece in C order: 1 on the outer axes, a few on one, everything on the inner ones. Larger
    /// where the file would have too many blocks otherwise.
    /// </summary>
    private static Dims Rows(ArrayInfo source)
    {
        const long TilesMax = 40_000;
        long budget = Math.Max(TileBytes, source.ByteCount / TilesMax * 2) / source.Type.Size();
        long[] tile = new long[source.Shape.Count];
        for (int axis = tile.Length - 1; axis >= 0; axis--)
        {
            tile[axis] = Math.Clamp(budget, 1, source.Shape[axis]);
            budget = tile[axis] == source.Shape[axis] ? budget / tile[axis] : 1;
        }

        return Dims.Create(tile);
    }

    /// <summary>About as long on every axis as a chunk can be: the longest axis is halved until the size fits.</summary>
    private static Dims Blocks(ArrayInfo source)
    {
        long[] chunk = source.Shape.ToArray();
        while (Dims.Create(chunk).Volume * source.Type.Size() > TileBytes)
        {
            int longest = Array.IndexOf(chunk, chunk.Max());
            chunk[longest] = IntegerMath.CeilDiv(chunk[longest], 2);
        }

        return Dims.Create(chunk);
    }
}
