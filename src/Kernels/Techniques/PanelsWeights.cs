using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Packed weights of the panels: [group][z-phase, y-phase][register tile][x-phase][chunk of input channels][tap of the
/// phase][input channel][row of the register tile]. Channels beyond the group's last get 0; what they give is never stored.
/// </summary>
internal sealed unsafe class PanelsWeights(PanelsShape shape, AlignedBuffer buffer)
{
    private readonly ConvTransposeLayer layer = shape.Layer;
    private readonly SpatialPhases phases = shape.Phases;

    /// <summary>Floats of a whole register tile's weights in one pair of z- and y-phases.</summary>
    public nint TileLength(int phaseZ, int phaseY) =>
        (nint)OuterTaps(phaseZ, phaseY) * phases.X.Kernel * layer.InputChannelsPerGroup * shape.TileRows;

    /// <summary>Where the first register tile of a pair of phases lies.</summary>
    public nint Start(int group, int phaseZ, int phaseY)
    {
        nint row = (nint)layer.InputChannelsPerGroup * phases.X.Kernel;
        nint before = ((nint)phases.Z.TapsBefore(phaseZ) * phases.Y.Kernel)
            + ((nint)phases.Z.Taps(phaseZ).Length * phases.Y.TapsBefore(phaseY));
        nint all = (nint)phases.Z.Kernel * phases.Y.Kernel;
        return ((group * all) + before) * shape.Rows * row;
    }

    /// <summary>Where an x-phase lies in a register tile of so many rows.</summary>
    public int PhaseStart(int phaseZ, int phaseY, int phaseX, int rows) =>
        OuterTaps(phaseZ, phaseY) * phases.X.TapsBefore(phaseX) * layer.InputChannelsPerGroup * rows;

    public void Pack(ReadOnlySpan<float> source)
    {
        Span<float> target = buffer.Floats;
        for (int group = 0; group < layer.Groups; group++)
        {
            for (int phaseZ = 0; phaseZ < phases.Z.Stride; phaseZ++)
            {
                for (int phaseY = 0; phaseY < phases.Y.Stride; phaseY++)
                {
                    for (int tile = 0; tile < shape.RowTiles; tile++)
                    {
                        for (int phaseX = 0; phaseX < phases.X.Stride; phaseX++)
                            target = PackPhase(target, source, group, tile, phases.PhaseTaps(phaseZ, phaseY, phaseX));
                    }
                }
            }
        }
    }

    private int OuterTaps(int phaseZ, int phaseY) => phases.Z.Taps(phaseZ).Length * phases.Y.Taps(phaseY).Length;

    private Span<float> PackPhase(
        Span<float> target, ReadOnlySpan<float> source, int group, int tile, ReadOnlySpan<SpatialTap> taps)
    {
        int kernel = (int)layer.Geometry.Kernel.Volume;
        int firstOutput = tile * shape.TileRows;
        int rows = shape.RowsOf(tile);
        int live = Math.Min(rows, layer.OutputChannelsPerGroup - firstOutput);
        int next = 0;
        for (int start = 0; start < layer.InputChannelsPerGroup; start += shape.ChannelsPerBlock)
        {
            int end = Math.Min(start + shape.ChannelsPerBlock, layer.InputChannelsPerGroup);
            foreach (SpatialTap tap in taps)
            {
                for (int channel = start; channel < end; channel++)
                {
                    int input = (group * layer.InputChannelsPerGroup) + channel;
                    int first = (input * layer.OutputChannelsPerGroup) + firstOutput;
                    for (int row = 0; row < rows; row++)
                        target[next++] = row < live ? source[((first + row) * kernel) + tap.KernelIndex] : 0f;
                }
            }
        }

        return target[next..];
    }
}
