using Upweave.Kernels.Gpu.Techniques;
using Upweave.Kernels.Techniques;

namespace Upweave.Kernels.Gpu;

/// <summary>The only place that decides how a device computes a layer.</summary>
public static class GpuKernelSelector
{
    /// <summary>Puts a layer on a device.</summary>
    /// <param name="weights">[Cin, Cout/groups, k...], finite; kept, not copied.</param>
    /// <param name="bias">One per output channel, finite; empty: none. Kept, not copied.</param>
    /// <param name="warn">Told when the processor has to help out.</param>
    /// <exception cref="ArgumentException">Weights, bias or activation do not fit the layer.</exception>
    /// <exception cref="GpuException">The device has no room for the weights, or does not take the program.</exception>
    public static IConvTransposeKernel Create(
        GpuDevice device, ConvTransposeLayer layer, float[] weights, float[] bias, Action<string> warn)
    {
        KernelArguments.CheckLayer(layer);
        KernelArguments.CheckWeights(layer, weights, bias);
        IGpuTechnique technique = layer.InputChannelsPerGroup == 1
            ? new GpuOutputsTechnique(device, layer, weights, bias)
            : new GpuPanelsTechnique(device, layer, weights, bias);
        return new GpuKernel(device, layer, weights, bias, technique, warn);
    }
}
