using Silk.NET.OpenCL;

namespace Upweave.Kernels.Gpu;

/// <summary>Numbers on a device that kernels only read: packed weights, for instance.</summary>
internal sealed unsafe class DeviceFloats : IDisposable
{
    /// <exception cref="GpuMemoryException">There is no room for them.</exception>
    public DeviceFloats(GpuDevice device, ReadOnlySpan<float> values)
    {
        nuint size = (nuint)Math.Max(values.Length, 1) * sizeof(float);
        int code;
        fixed (float* first = values)
        {
            MemFlags flags = MemFlags.ReadOnly | (values.IsEmpty ? 0 : MemFlags.CopyHostPtr);
            Handle = OpenCl.Api.CreateBuffer(device.Context, flags, size, first, &code);
        }

        OpenCl.Check(code, $"copying {size} bytes of weights to the device");
    }

    public nint Handle { get; }

    public void Dispose() => OpenCl.Api.ReleaseMemObject(Handle);
}
