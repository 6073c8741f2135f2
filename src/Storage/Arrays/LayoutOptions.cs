using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>What may be asked of a plain copy's layout.</summary>
/// <param name="Compression">Null: as is usual in the format.</param>
/// <param name="Level">How hard to compress; null: a good level.</param>
/// <param name="Chunk">Sides of a chunk over the spatial axes (height and width in a TIFF); null: good ones.</param>
/// <param name="Shard">Several chunks make one object (zarr 3).</param>
public sealed record LayoutOptions(Compression? Compression, int? Level, Dims? Chunk, bool Shard);
