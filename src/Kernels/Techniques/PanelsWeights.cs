using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Packed weights of the panels: [group][z-phase, y-phase][register tile][x-phase][chunk of input channels][tap of the
/// phase][input channel][row of the register tile]. Channels beyond the group's last get 0; what they give is never stored.
/// </summary>
internal sealed class PanelsWeights(PanelsShape shape)
{
    private readonly ConvTransposeLayer layer = shape.Layer;
    private readonly SpatialPhases phases = shape.Phases;

    /// <summary>Where the weights of a pair of z- and y-phases lie.</summary>
    public Place Find(int group, int phaseZ, int phaseY)
    {
        nint row = (nint)layer.InputChannelsPerGroup * phases.X.Kernel;
        nint tapsZ = phases.Z.Taps(phaseZ).Length, taps = tapsZ * phases.Y.Taps(phaseY).Length;
        nint before = ((nint)phases.Z.TapsBefore(phaseZ) * phases.Y.Kernel) + (tapsZ * phases.Y.TapsBefore(phaseY));
        nint all = (nint)phases.Z.Kernel * phases.Y.Kernel;
        return new Place(((group * all) + before) * shape.Rows * row, taps * row, taps * layer.InputChannelsPerGroup);
    }

    /// <summary>Products of an output in all x-phases before this one, which come first in a register tile.</summary>
    public nint ProductsBefore(in Place place, int phaseX) => place.ProductsPerTap * phases.X.TapsBefore(phaseX);

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

    /// <summary>The weights of a pair of z- and y-phases in one group.</summary>
    /// <param name="Start">The first register tile.</param>
    /// <param name="Products">Of an output, over all x-phases; so many weights has each row of a register tile.</param>
    /// <param name="ProductsPerTap">Of an output, per tap along x.</param>
    internal readonly record struct Place(nint Start, nint Products, nint ProductsPerTap);
}
