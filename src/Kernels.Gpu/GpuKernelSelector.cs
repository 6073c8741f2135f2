using Upweave.Kernels.Gpu.Techniques;
using Upweave.Kernels.Phases;
using Upweave.Kernels.Techniques;

namespace Upweave.Kernels.Gpu;

/// <summary>The only place that decides how a device computes a layer.</summary>
public static class GpuKernelSelector
{
    /// <summary>Puts a layer on a device.</summary>
    /// <param name="weights">[Cin, Cout/groups, k...], finite; kept, not copied.</param>
    /// <param name="bias">One per output channel, finite; empty: none. Kept, not copied.</param>
    /// <param name="precision">
    /// Of the fast mode; null for exact. A device whose matrix units do not prove themselves computes exactly, which is near enough.
    /// </param>
    /// <param name="warn">Told when the processor has to help out, or matrix units cannot.</param>
    /// <exception cref="ArgumentException">Weights, bias or activation do not fit the layer.</exception>
    /// <exception cref="GpuException">The device has no room for the weights, or does not take the program.</exception>
    public static IConvTransposeKernel Create(
        GpuDevice device, ConvTransposeLayer layer, float[] weights, float[] bias, FastPrecision? precision, Action<string> warn)
    {
        KernelArguments.CheckLayer(layer);
        KernelArguments.CheckWeights(layer, weights, bias);
        return new GpuKernel(device, layer, weights, bias, Choose(device, layer, weights, bias, precision, warn), warn);
    }

    internal static IGpuTechnique Choose(
        GpuDevice device, ConvTransposeLayer layer, float[] weights, float[] bias, FastPrecision? precision, Action<string> warn)
    {
        bool isMinimal = layer.Algorithm == ConvTransposeAlgorithm.Minimal;
        bool canList = SpatialPhases.CanList(layer.Geometry);
        if (isMinimal && !canList)
            throw new GpuException("The layer has more phases or taps than a device's tables hold.");
        if (!canList || (layer.InputChannelsPerGroup == 1 && !isMinimal))
            return new GpuOutputsTechnique(device, layer, weights, bias);
        // In the fast mode as well: matrix units would have few rows to fill.
        if (!isMinimal && GpuStencilTechnique.CanCompute(layer))
            return new GpuStencilTechnique(device, layer, weights, bias);
        if (precision is FastPrecision fast && layer.InputChannelsPerGroup > 1)
        {
            if (device.WhyNotFast(fast) is not string reason)
                return new GpuTensorTechnique(device, layer, weights, bias, fast);
            warn($"{device.Info.Name} computes exactly what may be computed in {fast}: {reason}.");
        }

        return isMinimal
            ? new GpuMinimalTechnique(device, layer, weights, bias)
            : new GpuPanelsTechnique(device, layer, weights, bias);
    }
}
