using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Packed weights of the panels: [group][z-phase, y-phase][register tile][x-phase][chunk of input channels][tap of the
/// phase][input channel][row of the register tile]. Channels beyond the group's last get 0; what they give is never stored.
/// </summary>
internal sealed class PanelsWeights
{
    private readonly ConvTransposeLayer layer;
    private readonly SpatialPhases phases;
    private readonly PanelsShape shape;
    private readonly Place[] places;

    public PanelsWeights(PanelsShape shape)
    {
        this.shape = shape;
        layer = shape.Layer;
        phases = shape.Phases;
        places = new Place[phases.Z.Stride * phases.Y.Stride * phases.X.Stride];
        nint row = (nint)layer.InputChannelsPerGroup * phases.X.Kernel;
        GroupLength = (nint)phases.Z.Kernel * phases.Y.Kernel * shape.Rows * row;
        int next = 0;
        nint start = 0;
        for (int phaseZ = 0; phaseZ < phases.Z.Stride; phaseZ++)
        {
            for (int phaseY = 0; phaseY < phases.Y.Stride; phaseY++)
            {
                int outerTaps = phases.Z.Taps(phaseZ).Length * phases.Y.Taps(phaseY).Length;
                for (int phaseX = 0; phaseX < phases.X.Stride; phaseX++)
                {
                    places[next++] = new Place(
                        start, outerTaps * row * shape.TileRows,
                        (nint)outerTaps * phases.X.TapsBefore(phaseX) * layer.InputChannelsPerGroup);
                }

                start += outerTaps * row * shape.Rows;
            }
        }
    }

    /// <summary>Floats of a group's weights.</summary>
    public nint GroupLength { get; }

    public Place Find(int phaseZ, int phaseY, int phaseX) =>
        places[(((phaseZ * phases.Y.Stride) + phaseY) * phases.X.Stride) + phaseX];

    public void Pack(ReadOnlySpan<float> source, Span<float> target)
    {
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

    /// <summary>Where the weights of a phase lie.</summary>
    /// <param name="Start">The first register tile of the pair of z- and y-phases, counted from the group's first.</param>
    /// <param name="TileLength">Floats of a whole register tile in that pair.</param>
    /// <param name="ProductsBefore">Products of an output in the x-phases before, which come first in a register tile.</param>
    internal readonly record struct Place(nint Start, nint TileLength, nint ProductsBefore);
}
