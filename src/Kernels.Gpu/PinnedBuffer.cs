using System.Buffers;
using Silk.NET.OpenCL;

namespace Upweave.Kernels.Gpu;

/// <summary>
/// Memory of this process that a device reads and writes by itself, so that copies go on beside computing. Content is dirty until
/// written. The owner disposes it when nobody uses its spans any more.
/// </summary>
public sealed unsafe class PinnedBuffer : MemoryManager<byte>
{
    private readonly GpuDevice device;
    private readonly nint queue;
    private readonly int byteLength;
    private nint buffer;
    private void* pointer;

    internal PinnedBuffer(GpuDevice device, nint queue, long byteLength)
    {
        this.device = device;
        this.queue = queue;
        this.byteLength = checked((int)byteLength);
        nuint size = (nuint)Math.Max(byteLength, 1);
        int code;
        buffer = OpenCl.Api.CreateBuffer(device.Context, MemFlags.ReadWrite | MemFlags.AllocHostPtr, size, null, &code);
        OpenCl.Check(code, $"pinning {byteLength} bytes");
        pointer = OpenCl.Api.EnqueueMapBuffer(
            queue, buffer, true, MapFlags.Read | MapFlags.Write, 0, size, 0, null, null, &code);
        OpenCl.Check(code, $"mapping {byteLength} bytes");
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(buffer == 0, this);
        return new Span<byte>(pointer, byteLength);
    }

    /// <summary>It does not move.</summary>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)byteLength, nameof(elementIndex));
        return new MemoryHandle((byte*)pointer + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>Frees the memory, unless the device is lost: it may still write there.</summary>
    public void Dispose() => Dispose(disposing: true);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (buffer == 0 || device.Lost is not null)
            return;
        OpenCl.Api.EnqueueUnmapMemObject(queue, buffer, pointer, 0, null, null);
        OpenCl.Api.Finish(queue);
        OpenCl.Api.ReleaseMemObject(buffer);
        buffer = 0;
        pointer = null;
    }
}
