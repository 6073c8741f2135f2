[assembly: AssemblyFixture(typeof(Upweave.Kernels.Gpu.Tests.PoclDevice))]

namespace Upweave.Kernels.Gpu.Tests;

/// <summary>
/// The device that tests compute on: the first that OpenCL offers. That is PoCL where there is no graphics processor, which runs the
/// same programs on the processor.
/// </summary>
public sealed class PoclDevice : IDisposable
{
    private readonly Lazy<GpuDevice> device = new(() => GpuDevice.Open(GpuDevices.List()[0]));

    public GpuDevice Device => device.Value;

    public void Dispose()
    {
        if (device.IsValueCreated)
            device.Value.Dispose();
    }
}
