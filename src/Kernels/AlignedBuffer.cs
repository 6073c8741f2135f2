using System.Runtime.InteropServices;

namespace Upweave.Kernels;

/// <summary>
/// Native memory aligned to 64 bytes (a cache line, the widest vector), outside the garbage collector's heap. Its content is
/// dirty until written. Not thread-safe; dispose exactly when nobody reads its spans any more.
/// </summary>
public sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;
    private void* pointer;

    /// <param name="byteLength">Size in bytes; below 2^31.</param>
    public AlignedBuffer(long byteLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteLength);
        ByteLength = checked((int)byteLength);
        pointer = NativeMemory.AlignedAlloc((nuint)Math.Max(ByteLength, Alignment), Alignment);
        GC.AddMemoryPressure(ByteLength);
    }

    ~AlignedBuffer() => Free();

    public int ByteLength { get; }

    public Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(pointer is null, this);
            return new Span<byte>(pointer, ByteLength);
        }
    }

    /// <summary>The same memory as float32; a remainder of fewer than 4 bytes is left out.</summary>
    public Span<float> Floats => MemoryMarshal.Cast<byte, float>(Bytes);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (pointer is null)
            return;
        NativeMemory.AlignedFree(pointer);
        pointer = null;
        GC.RemoveMemoryPressure(ByteLength);
    }
}
