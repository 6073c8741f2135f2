using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>A fixed interpolation as a grouped ConvTranspose: one group per channel, weights made for the stride.</summary>
/// <param name="Weights">[channels, 1, k...]</param>
/// <param name="Kernel">Kernel size per spatial axis.</param>
/// <param name="Pads">Padding per spatial axis, the same at both ends; the output is input * scale.</param>
public sealed record Preset(float[] Weights, Dims Kernel, Dims Pads)
{
    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["nearest", "linear", "bilinear", "trilinear", "bicubic", "lanczos3"];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="scale">Integer factor per spatial axis, at least 1.</param>
    public static Preset Create(string name, Dims scale, int channels) => throw new NotSupportedException();
}
