using Upweave.Tiling;

namespace Upweave.Planning;

/// <summary>The boxes behind one tile.</summary>
/// <param name="Array">In the output array, over all its axes.</param>
/// <param name="Spatial">In the layer's full output.</param>
/// <param name="Region">What the kernel reads, reaching beyond the input at its border.</param>
/// <param name="Needed">The part of the input that it draws on; may be empty with a zero border.</param>
/// <param name="Read">The same in the input array, over all its axes.</param>
public readonly record struct TileBoxes(Box Array, Box Spatial, Box Region, Box Needed, Box Read);
