using System.Buffers;
using System.Runtime.InteropServices;

namespace Upweave.Kernels;

/// <summary>
/// Native memory aligned to 64 bytes (a cache line, the widest vector), outside the garbage collector's heap. Its
/// content is dirty until written. Not thread-safe. There is no finalizer, since a span would outlive it: the owner must
/// dispose it when nobody uses its spans any more.
/// </summary>
public sealed unsafe class AlignedBuffer : MemoryManager<byte>
{
    private const int Alignment = 64;
    private readonly int byteLength;
    private void* pointer;

    /// <param name="byteLength">Size in bytes; below 2^31.</param>
    public AlignedBuffer(long byteLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteLength);
        this.byteLength = checked((int)byteLength);
        pointer = NativeMemory.AlignedAlloc((nuint)Math.Max(this.byteLength, Alignment), Alignment);
        GC.AddMemoryPressure(Math.Max(this.byteLength, 1));
    }

    /// <summary>A copy of some numbers.</summary>
    internal static AlignedBuffer Copy(ReadOnlySpan<float> floats)
    {
        AlignedBuffer buffer = new(sizeof(float) * (long)floats.Length);
        floats.CopyTo(buffer.Floats);
        return buffer;
    }

    /// <summary>The memory as float32; a remainder of fewer than 4 bytes is left out.</summary>
    public Span<float> Floats => MemoryMarshal.Cast<byte, float>(GetSpan());

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(pointer is null, this);
        return new Span<byte>(pointer, byteLength);
    }

    /// <summary>Native memory does not move: nothing to pin.</summary>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)byteLength, nameof(elementIndex));
        return new MemoryHandle((byte*)pointer + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => Dispose(disposing: true);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (pointer is null)
            return;
        NativeMemory.AlignedFree(pointer);
        pointer = null;
        GC.RemoveMemoryPressure(Math.Max(byteLength, 1));
    }
}
