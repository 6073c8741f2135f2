using Upweave.Tiling;

namespace Upweave.Kernels.Gpu;

/// <summary>The layer on the processor, for boxes that a device has no room for: as slow as that, and the same bits.</summary>
internal sealed class ProcessorKernel(ConvTransposeLayer layer, float[] weights, float[] bias) : IDisposable
{
    private readonly IConvTransposeKernel kernel = KernelSelector.Create(layer, weights, bias);

    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, CancellationToken cancellationToken)
    {
        using AlignedBuffer workspace = new(KernelSelector.WorkspaceLength(layer, outputBox.Shape) * sizeof(float));
        kernel.Compute(input, inputBox, output, outputBox, batch, workspace.Floats, cancellationToken);
    }

    public void Dispose() => kernel.Dispose();
}
