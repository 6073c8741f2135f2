using Upweave.Storage;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>An output before it is cut into tiles.</summary>
/// <param name="Format"><c>npy</c>, <c>nifti</c>, <c>zarr</c>, <c>png</c> or <c>tiff</c>.</param>
/// <param name="Region">Spatial box of the layer's full output.</param>
/// <param name="Shape">Over all axes.</param>
/// <param name="Replaces">ETag of what is to be replaced; null: nothing may be there.</param>
public sealed record OutputDraft(
    string Format, bool IsPicture, Box Region, Dims Shape, AxisLayout Axes, ElementType Type, string? Replaces);
