using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Options of an output's format, worked out.</summary>
/// <param name="Compression">See <see cref="Upweave.Planning.CompressionNames"/>.</param>
/// <param name="Level">How hard to compress; null: a good level.</param>
/// <param name="Chunk">Sides of a chunk over the spatial axes; null: good ones.</param>
/// <param name="Shard">Whether a tile's chunks are one object.</param>
/// <param name="Pyramid">Whether lower resolutions are written.</param>
public sealed record FormatDraft(string Compression, int? Level, Dims? Chunk, bool Shard, bool Pyramid);
