using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Planning;

/// <summary>The memory that a plan takes in a worker. It was made for the fleet's usual one; this one may have less.</summary>
/// <param name="TileBytes">Of one tile.</param>
/// <param name="TilesHeld">At the same time.</param>
/// <param name="SharedBytes">Of the packed weights and chunks of the input.</param>
public readonly record struct PlanMemory(long TileBytes, int TilesHeld, long SharedBytes)
{
    /// <summary>All of it, in bytes.</summary>
    public long Total => checked((TileBytes * TilesHeld) + SharedBytes);

    /// <param name="slots">Of the worker.</param>
    /// <param name="keptBytes">See <see cref="Storage.Arrays.IArrayReader.KeptBytes"/>.</param>
    /// <param name="readOverheadBytes">See <see cref="Storage.Arrays.IArrayReader.ReadOverheadBytes"/>.</param>
    public static PlanMemory Of(PlanGeometry geometry, int slots, long keptBytes, Func<Dims, long> readOverheadBytes) => new(
        geometry.Footprint(readOverheadBytes).Total, TileFootprint.TilesHeld(slots),
        checked(KernelSelector.PackedBytes(geometry.Layer) + keptBytes));
}
