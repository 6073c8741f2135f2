using System.Buffers;
using System.Runtime.InteropServices;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Worker.Devices;

namespace Upweave.Worker.Tiles;

/// <summary>
/// The memory of one tile in work: native, aligned, kept from tile to tile and grown when a job needs more. What the device reads and
/// writes is of its own kind.
/// </summary>
public sealed class TileBuffers(IComputeDevice device) : IDisposable
{
    /// <summary>Input box as float32, border included.</summary>
    public MemoryManager<byte> Input { get; private set; } = new AlignedBuffer(0);

    /// <summary>Output box as float32, or a band of it.</summary>
    public MemoryManager<byte> Output { get; private set; } = new AlignedBuffer(0);

    public Span<float> InputFloats => MemoryMarshal.Cast<byte, float>(Input.GetSpan());

    public Span<float> OutputFloats => MemoryMarshal.Cast<byte, float>(Output.GetSpan());

    public AlignedBuffer Workspace { get; private set; } = new(0);

    /// <summary>Stored elements: of the input until the kernel runs, of the output afterwards.</summary>
    public AlignedBuffer Raw { get; private set; } = new(0);

    /// <summary>Makes room for a tile; what the buffers hold is lost.</summary>
    public void Fit(TileFootprint footprint)
    {
        Input = Fit(Input, footprint.Input, device.Allocate);
        Output = Fit(Output, footprint.Output, device.Allocate);
        Workspace = Fit(Workspace, footprint.Workspace, length => new AlignedBuffer(length));
        Raw = Fit(Raw, footprint.Raw, length => new AlignedBuffer(length));
    }

    public void Dispose()
    {
        ((IDisposable)Input).Dispose();
        ((IDisposable)Output).Dispose();
        Workspace.Dispose();
        Raw.Dispose();
    }

    private static T Fit<T>(T buffer, long byteLength, Func<long, T> allocate)
        where T : MemoryManager<byte>
    {
        if (buffer.Memory.Length >= byteLength)
            return buffer;
        ((IDisposable)buffer).Dispose();
        return allocate(byteLength);
    }
}
