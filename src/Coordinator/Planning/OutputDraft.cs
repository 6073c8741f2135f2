using Upweave.Planning;
using Upweave.Storage;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>An output before it is cut into tiles.</summary>
/// <param name="Format">See <see cref="OutputFormats"/>.</param>
/// <param name="Options">Of the format.</param>
/// <param name="Region">Spatial box of the layer's full output.</param>
/// <param name="Shape">Over all axes.</param>
/// <param name="Replaces">ETag of what is to be replaced; null: nothing may be there.</param>
public sealed record OutputDraft(
    string Format, bool IsPicture, FormatDraft Options, Box Region, Dims Shape, AxisLayout Axes, ElementType Type, string? Replaces);
