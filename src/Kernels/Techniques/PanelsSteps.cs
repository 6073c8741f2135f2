using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The blocks of the sum of every x-phase, in order, for one pair of z- and y-phases; x-phases as they follow one
/// another in a row of the output box.
/// </summary>
internal static unsafe class PanelsSteps
{
    /// <summary>How many steps lie before those of an x-phase, counted from the first of a row.</summary>
    public static int Start(PanelsShape shape, in PanelsColumns columns, int slot)
    {
        AxisPhases axis = shape.Phases.X;
        int phase = columns.PhaseX + slot;
        int taps = TapsBefore(axis, phase) - axis.TapsBefore(columns.PhaseX);
        return shape.Chunks * OuterTaps(shape, columns) * taps;
    }

    /// <summary>Writes the steps of one x-phase to their place; none in a gap between kernels.</summary>
    /// <param name="columns">Says which z- and y-phase, and which x-phase a row begins with.</param>
    public static void Write(PanelsShape shape, in PanelsColumns columns, int slot, BlockStep* steps)
    {
        AxisPhases axis = shape.Phases.X;
        int phase = (columns.PhaseX + slot) % axis.Stride;
        ReadOnlySpan<int> offsets = shape.OffsetsX(columns.PhaseX);
        ReadOnlySpan<AxisTap> tapsX = axis.Taps(phase);
        int outer = OuterTaps(shape, columns);
        int taps = outer * tapsX.Length;
        int moved = phase < columns.PhaseX ? 1 : 0;
        int channels = shape.Layer.InputChannelsPerGroup;
        steps += Start(shape, columns, slot);
        for (int start = 0; start < channels; start += shape.ChannelsPerBlock)
        {
            int chunk = Math.Min(shape.ChannelsPerBlock, channels - start);
            for (int tap = 0; tap < taps; tap++)
            {
                int place = offsets.IndexOf(tapsX[tap % tapsX.Length].Offset + moved);
                int line = (start * offsets.Length * outer) + (((place * outer) + (tap / tapsX.Length)) * chunk);
                int weights = (start * taps) + (tap * chunk);
                *steps++ = new BlockStep(weights, line, chunk, tap == 0, tap == taps - 1, start == 0);
            }
        }
    }

    /// <summary>Taps before a phase, counted on over the end of the axis.</summary>
    private static int TapsBefore(AxisPhases axis, int phase)
    {
        if (phase < axis.Stride)
            return axis.TapsBefore(phase);
        return axis.Kernel + (phase < 2 * axis.Stride ? axis.TapsBefore(phase - axis.Stride) : 0);
    }

    private static int OuterTaps(PanelsShape shape, in PanelsColumns columns) =>
        shape.Phases.Z.Taps(columns.PhaseZ).Length * shape.Phases.Y.Taps(columns.PhaseY).Length;
}
