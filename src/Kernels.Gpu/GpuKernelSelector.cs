using Upweave.Kernels.Gpu.Techniques;
using Upweave.Kernels.Techniques;

namespace Upweave.Kernels.Gpu;

/// <summary>The only place that decides how a device computes a layer.</summary>
public static class GpuKernelSelector
{
    /// <summary>Puts a layer on a device.</summary>
    /// <param name="weights">[Cin, Cout/groups, k...], finite; kept, not copied.</param>
    /// <param name="bias">One per output channel, finite; empty: none. Kept, not copied.</param>
    /// <param name="precision">Of the fast mode; null for exact.</param>
    /// <param name="warn">Told when the processor has to help out.</param>
    /// <exception cref="ArgumentException">Weights, bias or activation do not fit the layer.</exception>
    /// <exception cref="GpuException">The device has no room for the weights, or does not take the program.</exception>
    public static IConvTransposeKernel Create(
        GpuDevice device, ConvTransposeLayer layer, float[] weights, float[] bias, FastPrecision? precision, Action<string> warn)
    {
        KernelArguments.CheckLayer(layer);
        KernelArguments.CheckWeights(layer, weights, bias);
        return new GpuKernel(device, layer, weights, bias, Choose(device, layer, weights, bias, precision), warn);
    }

    /// <summary>
    /// Whether a device has matrix units for the fast mode. What it computes without them is exact, which is near enough.
    /// </summary>
    public static bool HasMatrixUnits(GpuDeviceInfo device, FastPrecision precision) =>
        device.IsNvidia && device.ComputeCapability >= (precision == FastPrecision.Float16 ? 75 : 80);

    internal static IGpuTechnique Choose(
        GpuDevice device, ConvTransposeLayer layer, float[] weights, float[] bias, FastPrecision? precision)
    {
        if (layer.InputChannelsPerGroup == 1)
        {
            return layer.Algorithm == ConvTransposeAlgorithm.Minimal
                ? new GpuMinimalTechnique(device, layer, weights, bias)
                : new GpuOutputsTechnique(device, layer, weights, bias);
        }

        if (precision is FastPrecision fast && HasMatrixUnits(device.Info, fast))
            return new GpuTensorTechnique(device, layer, weights, bias, fast);
        return layer.Algorithm == ConvTransposeAlgorithm.Minimal
            ? new GpuMinimalTechnique(device, layer, weights, bias)
            : new GpuPanelsTechnique(device, layer, weights, bias);
    }
}
