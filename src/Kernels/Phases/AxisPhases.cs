using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels.Phases;

/// <summary>A tap of one phase on one axis.</summary>
/// <param name="Index">Position in the kernel.</param>
/// <param name="Offset">The input it reads, counted from the output's own position; never positive.</param>
internal readonly record struct AxisTap(int Index, int Offset);

/// <summary>
/// One axis of a layer, cut into phases. Output o has phase r = (o + padBegin) mod S and position
/// q = floor((o + padBegin) / S). Tap k contributes where (r - k*D) mod S = 0, and reads input q + (r - k*D) / S; so
/// every tap belongs to exactly one phase and all outputs of a phase share their taps.
/// </summary>
internal sealed class AxisPhases
{
    private readonly AxisTap[][] taps;
    private readonly int[] starts;
    private readonly long padBegin;

    public AxisPhases(long kernel, long stride, long dilation, long padBegin)
    {
        Kernel = checked((int)kernel);
        Stride = checked((int)stride);
        this.padBegin = padBegin;
        List<AxisTap>[] lists = new List<AxisTap>[Stride];
        for (int phase = 0; phase < Stride; phase++)
            lists[phase] = [];
        for (int k = 0; k < Kernel; k++)
        {
            long distance = checked(k * dilation);
            int phase = (int)FloorMod(distance, stride);
            lists[phase].Add(new AxisTap(k, checked((int)DivExact(phase - distance, stride))));
        }

        taps = Array.ConvertAll(lists, list => list.ToArray());
        starts = new int[Stride];
        for (int phase = 1; phase < Stride; phase++)
            starts[phase] = starts[phase - 1] + taps[phase - 1].Length;
    }

    public int Kernel { get; }

    /// <summary>Also the number of phases.</summary>
    public int Stride { get; }

    /// <summary>The taps of a phase in ascending kernel order; none in a gap between kernels.</summary>
    public ReadOnlySpan<AxisTap> Taps(int phase) => taps[phase];

    /// <summary>Taps of all phases before this one.</summary>
    public int TapsBefore(int phase) => starts[phase];

    /// <summary>Phase and position of an output.</summary>
    public (int Phase, long Position) Locate(long output)
    {
        long shifted = checked(output + padBegin);
        return ((int)FloorMod(shifted, Stride), FloorDiv(shifted, Stride));
    }
}
