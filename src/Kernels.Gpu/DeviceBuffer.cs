using Silk.NET.OpenCL;

namespace Upweave.Kernels.Gpu;

/// <summary>Memory on a device, kept from tile to tile and grown when one needs more. Not thread-safe.</summary>
internal sealed unsafe class DeviceBuffer(nint context) : IDisposable
{
    public nint Handle { get; private set; }

    public long ByteLength { get; private set; }

    /// <summary>Makes room; what the buffer held is lost if it has to grow.</summary>
    /// <exception cref="GpuMemoryException">There is none.</exception>
    public void Fit(long byteLength)
    {
        if (byteLength <= ByteLength)
            return;
        Dispose();
        int code;
        Handle = OpenCl.Api.CreateBuffer(context, MemFlags.ReadWrite, (nuint)byteLength, null, &code);
        OpenCl.Check(code, $"making room for {byteLength} bytes on the device");
        ByteLength = byteLength;
    }

    public void Dispose()
    {
        if (Handle != 0)
            OpenCl.Api.ReleaseMemObject(Handle);
        Handle = 0;
        ByteLength = 0;
    }
}
