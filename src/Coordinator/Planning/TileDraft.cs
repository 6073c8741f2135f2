using Upweave.Planning;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>How an output is cut.</summary>
/// <param name="Tile">Over all axes.</param>
/// <param name="Chunk">Over all axes.</param>
/// <param name="IsSharded">A tile's chunks are one object.</param>
/// <param name="Footprint">Memory of one tile in a worker.</param>
public sealed record TileDraft(Dims Tile, Dims Chunk, bool IsSharded, TileFootprint Footprint);
