using System.Runtime.InteropServices;
using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels.Gpu;

/// <summary>
/// How a call's boxes lie, as kernels take it (Programs/layer.cl has the same structure). Positions are counted from that of the
/// box's first output, q = floor((o + padBegin) / S) per axis, and inputs from the corner of the input box.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct GpuBox
{
    /// <summary>Batch items.</summary>
    public readonly int Batch;

    /// <summary>Extents of the input box.</summary>
    public readonly int InputZ;
    public readonly int InputY;
    public readonly int InputX;

    /// <summary>Extents of the output box.</summary>
    public readonly int OutputZ;
    public readonly int OutputY;
    public readonly int OutputX;

    /// <summary>Where in the input box the input at the first output's position lies; may be outside.</summary>
    public readonly int FirstZ;
    public readonly int FirstY;
    public readonly int FirstX;

    /// <summary>Phase of the first output.</summary>
    public readonly int PhaseZ;
    public readonly int PhaseY;
    public readonly int PhaseX;

    /// <summary>Whether the first output's position is the second of a pair, for the minimal algorithm.</summary>
    public readonly int OddY;
    public readonly int OddX;

    public GpuBox(ConvTransposeLayer layer, Box inputBox, Box outputBox, int batch)
    {
        ConvTransposeGeometry geometry = ThreeAxes.Lift(layer.Geometry);
        Box input = ThreeAxes.Lift(inputBox);
        Box output = ThreeAxes.Lift(outputBox);
        Batch = batch;
        (InputZ, OutputZ, FirstZ, PhaseZ) = Axis(geometry, input, output, 0);
        (InputY, OutputY, FirstY, PhaseY) = Axis(geometry, input, output, 1);
        (InputX, OutputX, FirstX, PhaseX) = Axis(geometry, input, output, 2);
        OddY = Odd(geometry, output, 1);
        OddX = Odd(geometry, output, 2);
    }

    private static (int Input, int Output, int First, int Phase) Axis(ConvTransposeGeometry geometry, Box input, Box output, int axis)
    {
        long shifted = checked(output.Origin[axis] + geometry.PadsBegin[axis]);
        long first = FloorDiv(shifted, geometry.Strides[axis]) - input.Origin[axis];
        return (
            checked((int)input.Shape[axis]), checked((int)output.Shape[axis]), checked((int)first),
            (int)FloorMod(shifted, geometry.Strides[axis]));
    }

    private static int Odd(ConvTransposeGeometry geometry, Box output, int axis) =>
        (int)FloorMod(FloorDiv(output.Origin[axis] + geometry.PadsBegin[axis], geometry.Strides[axis]), 2);
}
