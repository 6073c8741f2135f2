using System.Buffers;
using Upweave.Kernels;
using Upweave.Planning;

namespace Upweave.Worker.Devices;

/// <summary>The processor, which is always there.</summary>
/// <param name="why">Why it is not another device; null when it was asked for.</param>
public sealed class ProcessorDevice(string? why = null) : IComputeDevice
{
    /// <summary>As telemetry names the processor.</summary>
    public const string ProcessorName = "cpu";

    public string Name => ProcessorName;

    public string Description => why is null ? "the processor" : $"the processor: {why}";

    public bool IsProcessor => true;

    public string? Lost => null;

    public IConvTransposeKernel CreateKernel(
        ConvTransposeLayer layer, float[] weights, float[] bias, Precision precision, Action<string> warn) =>
        KernelSelector.Create(layer, weights, bias);

    public MemoryManager<byte> Allocate(long byteLength) => new AlignedBuffer(byteLength);

    public void Dispose()
    {
    }
}
