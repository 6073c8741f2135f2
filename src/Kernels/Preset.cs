using Upweave.Kernels.Presets;
using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>
/// A fixed interpolation as a grouped ConvTranspose: one group per channel, weights made for the stride.
/// </summary>
/// <param name="Weights">[channels, 1, k...]</param>
/// <param name="Kernel">Kernel size per spatial axis.</param>
/// <param name="Pads">Padding per spatial axis, the same at both ends; the output is input * scale.</param>
public sealed record Preset(float[] Weights, Dims Kernel, Dims Pads)
{
    /// <summary>The names that <see cref="Create"/> knows; the three linear ones are one.</summary>
    public static IReadOnlyList<string> Names { get; } = ["nearest", "linear", "bilinear", "trilinear", "bicubic", "lanczos3"];

    /// <summary>
    /// Makes the weights: the product of the axes' taps (<see cref="AxisFilter"/>), computed in double and rounded
    /// once. With <see cref="Border.Replicate"/> linear and bicubic are PyTorch's
    /// <c>interpolate(align_corners=False)</c>.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="scale">Integer factor per spatial axis, at least 1; also the layer's strides.</param>
    /// <exception cref="ArgumentException">
    /// The name is not known, or a scale or the number of channels is below 1.
    /// </exception>
    public static Preset Create(string name, Dims scale, int channels)
    {
        Interpolation interpolation = Interpolation.Find(name) ?? throw new ArgumentException(
            $"Preset \"{name}\" is not known. hint: use one of {string.Join(", ", Names)}.", nameof(name));
        if (scale.Count is < 1 or > 3 || scale.Any(factor => factor < 1))
            throw new ArgumentException($"Preset {name}: scale {scale} must have 1 to 3 factors of at least 1.", nameof(scale));
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);

        AxisFilter[] axes = scale.Select(factor => AxisFilter.Create(interpolation, checked((int)factor))).ToArray();
        float[] kernel = axes.Aggregate([1.0], (IEnumerable<double> outer, AxisFilter axis) =>
            outer.SelectMany(left => axis.Taps, (left, right) => left * right)).Select(weight => (float)weight).ToArray();
        float[] weights = new float[checked(channels * kernel.Length)];
        for (int channel = 0; channel < channels; channel++)
            kernel.CopyTo(weights, channel * kernel.Length);
        return new Preset(
            weights, Dims.Build(axes.Length, axis => axes[axis].Taps.Length), Dims.Build(axes.Length, axis => axes[axis].Pad));
    }
}
