using Upweave.Kernels;
using Upweave.Planning;

namespace Upweave.Worker.Tiles;

/// <summary>The memory of one tile in work: native, aligned, kept from tile to tile and grown when a job needs more.</summary>
public sealed class TileBuffers : IDisposable
{
    /// <summary>Input box as float32, border included.</summary>
    public AlignedBuffer Input { get; private set; } = new(0);

    /// <summary>Output box as float32, or a band of it.</summary>
    public AlignedBuffer Output { get; private set; } = new(0);

    public AlignedBuffer Workspace { get; private set; } = new(0);

    /// <summary>Stored elements: of the input until the kernel runs, of the output afterwards.</summary>
    public AlignedBuffer Raw { get; private set; } = new(0);

    /// <summary>Makes room for a tile; what the buffers hold is lost.</summary>
    public void Fit(TileFootprint footprint)
    {
        Input = Fit(Input, footprint.Input);
        Output = Fit(Output, footprint.Output);
        Workspace = Fit(Workspace, footprint.Workspace);
        Raw = Fit(Raw, footprint.Raw);
    }

    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
        Workspace.Dispose();
        Raw.Dispose();
    }

    private static AlignedBuffer Fit(AlignedBuffer buffer, long byteLength)
    {
        if (buffer.Memory.Length >= byteLength)
            return buffer;
        buffer.Dispose();
        return new AlignedBuffer(byteLength);
    }
}
