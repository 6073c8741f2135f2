using Upweave.Storage.Zarr;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>The layout of a plain copy to zarr.</summary>
internal static class ZarrCopyLayout
{
    /// <summary>Sides of chunks in planes and volumes, where several make one object.</summary>
    private const long ShardedPlaneChunk = 256;

    private const long PlaneChunk = 512;
    private const long VolumeChunk = 64;

    /// <summary>A shard is made of more chunks as long as it has no more bytes than this.</summary>
    private const long ShardBytes = 32L << 20;

    /// <exception cref="InvalidArrayException">An OME-Zarr is asked for, of an array without a plane.</exception>
    public static OutputLayout For(ArrayInfo info, OutputFormat format, string path, string owner, LayoutOptions options)
    {
        int rank = info.Shape.Count;
        bool isOme = ZarrDocuments.IsOme(format);
        if (isOme && rank is < 2 or > 5)
            throw new InvalidArrayException($"An array {info.Shape} cannot be an OME-Zarr.", "write .zarr");
        int spatial = CopyLayout.SpatialRank(info);
        long side = spatial == 3 ? VolumeChunk : options.Shard ? ShardedPlaneChunk : PlaneChunk;
        Dims chunk = Dims.Build(rank, axis => axis < rank - spatial
            ? 1
            : Math.Min(options.Chunk is { } asked ? asked[axis - (rank - spatial)] : side, info.Shape[axis]));
        Dims tile = options.Shard ? Shard(info, chunk, rank - spatial) : chunk;
        return new OutputLayout
        {
            Format = format,
            Path = path,
            Owner = owner,
            Shape = info.Shape,
            Type = info.Type,
            Axes = info.Axes ?? (isOme ? CopyLayout.AxesOf(info.Shape) : null),
            Space = info.Space,
            Tile = tile,
            Chunk = chunk,
            IsSharded = tile != chunk,
            Compression = options.Compression,
            CompressionLevel = options.Level,
        };
    }

    private static Dims Shard(ArrayInfo info, Dims chunk, int leading)
    {
        Dims Times(long times) => Dims.Build(
            chunk.Count, axis => axis < leading ? chunk[axis] : Math.Min(chunk[axis] * times, info.Shape[axis]));
        long times = 1;
        while (Times(times) != Times(2 * times) && Times(2 * times).Volume <= ShardBytes / info.Type.Size())
        {
            times *= 2;
        }

        return Times(times);
    }
}
