using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The blocks of the sum of every phase that shares a panel, in order; phases as they follow one another in the output
/// box, slots of z, y and x in C order.
/// </summary>
internal readonly unsafe struct PanelsSteps
{
    private readonly BlockStep* steps;
    private readonly int* starts;
    private readonly PanelsShape shape;

    /// <param name="memory">Room for <see cref="PanelsShape.StepsLength"/> floats.</param>
    /// <param name="columns">Says which phases the slots begin with.</param>
    public PanelsSteps(PanelsShape shape, in PanelsColumns columns, void* memory)
    {
        this.shape = shape;
        steps = (BlockStep*)memory;
        starts = (int*)(steps + shape.StepsMost);
        int next = 0;
        int slot = 0;
        for (int z = 0; z < shape.Z.Slots; z++)
        {
            for (int y = 0; y < shape.Y.Slots; y++)
            {
                for (int x = 0; x < shape.X.Slots; x++)
                {
                    starts[slot++] = next;
                    next = Write(columns, z, y, x, next);
                }
            }
        }

        starts[slot] = next;
    }

    public BlockStep* First(int slotZ, int slotY, int slotX) => steps + starts[Slot(slotZ, slotY, slotX)];

    /// <summary>None in a gap between kernels.</summary>
    public int Count(int slotZ, int slotY, int slotX)
    {
        int slot = Slot(slotZ, slotY, slotX);
        return starts[slot + 1] - starts[slot];
    }

    private int Slot(int z, int y, int x) => (((z * shape.Y.Slots) + y) * shape.X.Slots) + x;

    private int Write(in PanelsColumns columns, int slotZ, int slotY, int slotX, int next)
    {
        ReadOnlySpan<AxisTap> tapsZ = shape.Z.Taps(columns.PhaseZ, slotZ);
        ReadOnlySpan<AxisTap> tapsY = shape.Y.Taps(columns.PhaseY, slotY);
        ReadOnlySpan<AxisTap> tapsX = shape.X.Taps(columns.PhaseX, slotX);
        int placesY = shape.Y.Offsets(columns.PhaseY).Length;
        int placesX = shape.X.Offsets(columns.PhaseX).Length;
        int places = shape.Z.Offsets(columns.PhaseZ).Length * placesY * placesX;
        int taps = tapsZ.Length * tapsY.Length * tapsX.Length;
        int channels = shape.Layer.InputChannelsPerGroup;
        for (int start = 0; start < channels; start += shape.ChannelsPerBlock)
        {
            int chunk = Math.Min(shape.ChannelsPerBlock, channels - start);
            for (int tap = 0; tap < taps; tap++)
            {
                int placeZ = shape.Z.Place(columns.PhaseZ, slotZ, tapsZ[tap / tapsX.Length / tapsY.Length]);
                int placeY = shape.Y.Place(columns.PhaseY, slotY, tapsY[tap / tapsX.Length % tapsY.Length]);
                int placeX = shape.X.Place(columns.PhaseX, slotX, tapsX[tap % tapsX.Length]);
                int line = (start * places) + (((((placeZ * placesY) + placeY) * placesX) + placeX) * chunk);
                int weights = (start * taps) + (tap * chunk);
                steps[next++] = new BlockStep(weights, line, chunk, tap == 0, tap == taps - 1, start == 0);
            }
        }

        return next;
    }
}
