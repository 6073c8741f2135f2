using System.Buffers;
using Upweave.Kernels;
using Upweave.Kernels.Gpu;
using Upweave.Planning;

namespace Upweave.Worker.Devices;

/// <summary>A device that OpenCL offers, open and proved exact.</summary>
public sealed class OpenClDevice(GpuDevice device) : IComputeDevice
{
    public string Name => device.Info.Name;

    public string Description
    {
        get
        {
            GpuDeviceInfo info = device.Info;
            return $"{info.Name} (gpu:{info.Index}): {info.MemoryBytes >> 20} MiB, {info.ComputeUnits} compute units, driver {info.Driver}";
        }
    }

    public bool IsProcessor => false;

    public string? Lost => device.Lost;

    public IConvTransposeKernel? CreateKernel(
        ConvTransposeLayer layer, float[] weights, float[] bias, Precision precision, Action<string> warn)
    {
        try
        {
            return GpuKernelSelector.Create(device, layer, weights, bias, Fast(precision), warn);
        }
        catch (GpuException error)
        {
            warn($"{Name} cannot take the layer, which the processor computes instead. {error.Message}");
            return null;
        }
    }

    /// <summary>Where the device has no pinned memory left, ordinary memory does too: copies are slower.</summary>
    public MemoryManager<byte> Allocate(long byteLength)
    {
        try
        {
            return device.Pin(byteLength);
        }
        catch (GpuException)
        {
            return new AlignedBuffer(byteLength);
        }
    }

    public void Dispose() => device.Dispose();

    private static FastPrecision? Fast(Precision precision) => precision switch
    {
        Precision.Tf32 => FastPrecision.Tf32,
        Precision.Float16 => FastPrecision.Float16,
        Precision.BFloat16 => FastPrecision.BFloat16,
        _ => null,
    };
}
