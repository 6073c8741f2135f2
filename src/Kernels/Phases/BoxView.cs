using Upweave.Tiling;

namespace Upweave.Kernels.Phases;

/// <summary>How one call's input and output boxes lie in memory, as three axes. Making one allocates nothing.</summary>
internal readonly struct BoxView
{
    public BoxView(Box inputBox, Box outputBox)
    {
        InputZ = Axis(inputBox.Origin, 0, 0);
        InputY = Axis(inputBox.Origin, 1, 0);
        InputX = Axis(inputBox.Origin, 2, 0);
        OutputZ = Axis(outputBox.Origin, 0, 0);
        OutputY = Axis(outputBox.Origin, 1, 0);
        OutputX = Axis(outputBox.Origin, 2, 0);
        InputRowStride = (nint)Axis(inputBox.Shape, 2, 1);
        InputPlaneStride = checked(InputRowStride * (nint)Axis(inputBox.Shape, 1, 1));
        InputChannelStride = checked(InputPlaneStride * (nint)Axis(inputBox.Shape, 0, 1));
        Planes = (int)Axis(outputBox.Shape, 0, 1);
        Rows = (int)Axis(outputBox.Shape, 1, 1);
        Width = (int)Axis(outputBox.Shape, 2, 1);
        OutputChannelStride = (nint)Planes * Rows * Width;
    }

    /// <summary>Origins, in global coordinates.</summary>
    public long InputZ { get; }

    public long InputY { get; }

    public long InputX { get; }

    public long OutputZ { get; }

    public long OutputY { get; }

    public long OutputX { get; }

    /// <summary>Elements from one position to the next on an axis of the input box.</summary>
    public nint InputRowStride { get; }

    public nint InputPlaneStride { get; }

    public nint InputChannelStride { get; }

    public nint OutputChannelStride { get; }

    /// <summary>Output extents.</summary>
    public int Planes { get; }

    public int Rows { get; }

    public int Width { get; }

    /// <summary>Whether the input box has a row, counted in the box.</summary>
    public bool HasInputRow(int plane, int row) =>
        plane >= 0 && plane * InputPlaneStride < InputChannelStride && row >= 0 && row * InputRowStride < InputPlaneStride;

    /// <summary>A number of a vector whose missing outer axes count as <paramref name="missing"/>.</summary>
    private static long Axis(Dims dims, int axis, long missing)
    {
        int index = axis - 3 + dims.Count;
        return index < 0 ? missing : dims[index];
    }
}
