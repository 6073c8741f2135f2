using System.Buffers;
using Upweave.Kernels;
using Upweave.Kernels.Gpu;
using Upweave.Planning;
using Upweave.Tiling;
using Upweave.Worker.Devices;

namespace Upweave.Tests.Devices;

/// <summary>A device that computes some calls, on the processor, and is lost at the next one.</summary>
/// <param name="calls">Calls that go well.</param>
internal sealed class LosableDevice(int calls) : IComputeDevice
{
    public const string Reason = "The device LX-1 is lost: it has not answered for 2 minutes.";

    private int left = calls;
    private volatile string? lost;

    public string Name => "LX-1";

    public string Description => "LX-1, which will be lost";

    public bool IsProcessor => false;

    public string? Lost => lost;

    public IConvTransposeKernel CreateKernel(ConvTransposeLayer layer, float[] weights, float[] bias, Precision precision, Action<string> warn) =>
        new Kernel(this, layer, KernelSelector.Create(layer, weights, bias));

    public MemoryManager<byte> Allocate(long byteLength) => new AlignedBuffer(byteLength);

    public void Dispose()
    {
    }

    /// <summary>From now on it is lost.</summary>
    public void Lose() => lost = Reason;

    private sealed class Kernel(LosableDevice device, ConvTransposeLayer layer, IConvTransposeKernel processor) : IConvTransposeKernel
    {
        public string Technique => "losable";

        public void Compute(
            ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
            CancellationToken cancellationToken)
        {
            if (Interlocked.Decrement(ref device.left) < 0)
                device.Lose();
            if (device.Lost is not null)
                throw new GpuLostException(Reason);
            using AlignedBuffer own = new(KernelSelector.WorkspaceLength(layer, outputBox.Shape) * sizeof(float));
            processor.Compute(input, inputBox, output, outputBox, batch, own.Floats, cancellationToken);
        }

        public void Dispose() => processor.Dispose();
    }
}
