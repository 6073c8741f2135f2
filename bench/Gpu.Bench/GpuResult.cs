using System.Text.Json;

namespace Upweave.Bench.Gpu;

/// <summary>One row's figures.</summary>
/// <param name="Ms">Ours: median milliseconds of a call, without copies to and from the device.</param>
/// <param name="TorchMs">The peer's at the same precision; null without one.</param>
/// <param name="RoofShare">The larger of the needed multiply-adds at the device's peak and the bytes at its copy speed, over our time.</param>
/// <param name="IsSame">Whether all outputs have the processor's bits.</param>
/// <param name="Distance">Relative rms difference from the processor's exact outputs.</param>
internal sealed record GpuResult(
    string Name, string Technique, double Ms, double? TorchMs, double Tflops, bool IsComputeBound, double RoofShare, bool IsSame, double Distance)
{
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    public double? Ratio => TorchMs / Ms;
}
