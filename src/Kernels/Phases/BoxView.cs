using Upweave.Tiling;

namespace Upweave.Kernels.Phases;

/// <summary>The row of outputs at one (z, y) of a box.</summary>
/// <param name="PhaseZ">Its phases on the outer axes.</param>
/// <param name="InputOffset">
/// Where its positions on the outer axes lie in a channel of the input box, in elements.
/// </param>
/// <param name="OutputOffset">Where it starts in a channel of the output box, in elements.</param>
internal readonly record struct BoxRow(int PhaseZ, int PhaseY, nint InputOffset, nint OutputOffset);

/// <summary>How one call's input and output boxes lie in memory, and which phases their rows have.</summary>
internal readonly struct BoxView
{
    private readonly SpatialPhases phases;
    private readonly Box input;
    private readonly Box output;

    public BoxView(SpatialPhases phases, Box inputBox, Box outputBox)
    {
        this.phases = phases;
        input = ThreeAxes.Lift(inputBox);
        output = ThreeAxes.Lift(outputBox);
        InputRowStride = (nint)input.Shape[2];
        InputPlaneStride = (nint)(input.Shape[1] * input.Shape[2]);
        InputChannelStride = (nint)input.Volume;
        OutputChannelStride = (nint)output.Volume;
        Planes = (int)output.Shape[0];
        Rows = (int)output.Shape[1];
        Width = (int)output.Shape[2];
    }

    public nint InputRowStride { get; }

    public nint InputPlaneStride { get; }

    public nint InputChannelStride { get; }

    public nint OutputChannelStride { get; }

    /// <summary>Output extents.</summary>
    public int Planes { get; }

    public int Rows { get; }

    public int Width { get; }

    public BoxRow Row(int plane, int row)
    {
        (int phaseZ, long z) = phases.Z.Locate(output.Origin[0] + plane);
        (int phaseY, long y) = phases.Y.Locate(output.Origin[1] + row);
        long inputOffset = ((z - input.Origin[0]) * InputPlaneStride) + ((y - input.Origin[1]) * InputRowStride);
        long outputOffset = (((long)plane * Rows) + row) * Width;
        return new BoxRow(phaseZ, phaseY, (nint)inputOffset, (nint)outputOffset);
    }

    /// <summary>Phase of an output of a row, and its position in a row of the input box.</summary>
    public (int Phase, nint InputOffset) Column(int column)
    {
        (int phase, long position) = phases.X.Locate(output.Origin[2] + column);
        return (phase, (nint)(position - input.Origin[2]));
    }
}
