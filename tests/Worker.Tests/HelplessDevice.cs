using System.Buffers;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Tiling;
using Upweave.Worker.Devices;

namespace Upweave.Worker.Tests;

/// <summary>A device with no room for anything: the processor helps it out, and it says so each time.</summary>
/// <param name="takesLayers">There is room for weights at least.</param>
internal sealed class HelplessDevice(bool takesLayers) : IComputeDevice
{
    public string Name => "helpless";

    public string Description => Name;

    public bool IsProcessor => false;

    public string? Lost => null;

    public IConvTransposeKernel? CreateKernel(ConvTransposeLayer layer, float[] weights, float[] bias, Precision precision, Action<string> warn)
    {
        if (takesLayers)
            return new Kernel(layer, KernelSelector.Create(layer, weights, bias), warn);
        warn("no room");
        return null;
    }

    public MemoryManager<byte> Allocate(long byteLength) => new AlignedBuffer(byteLength);

    public void Dispose()
    {
    }

    private sealed class Kernel(ConvTransposeLayer layer, IConvTransposeKernel processor, Action<string> warn) : IConvTransposeKernel
    {
        public string Technique => "helpless";

        public void Compute(
            ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
            CancellationToken cancellationToken)
        {
            warn("no room");
            using AlignedBuffer own = new(KernelSelector.WorkspaceLength(layer, outputBox.Shape) * sizeof(float));
            processor.Compute(input, inputBox, output, outputBox, batch, own.Floats, cancellationToken);
        }

        public void Dispose() => processor.Dispose();
    }
}
