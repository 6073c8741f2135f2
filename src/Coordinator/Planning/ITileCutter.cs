using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>What shapes the tiles of a format may have, over the spatial axes.</summary>
public interface ITileCutter
{
    /// <summary>The allowed shape nearest to one that was asked for.</summary>
    Dims Fit(Dims tile);

    /// <summary>About half of an allowed tile; the same one when it cannot be halved.</summary>
    Dims Halve(Dims tile);

    /// <summary>The chunk that goes with an allowed tile.</summary>
    Dims Chunk(Dims tile);
}
