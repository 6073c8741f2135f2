using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>Puts weights in the order of <see cref="FiltersLayout"/>; lanes without a filter hold zeros.</summary>
internal sealed unsafe class FiltersPacking
{
    private readonly FiltersLayout layout;

    public FiltersPacking(FiltersLayout layout) => this.layout = layout;

    /// <param name="source">[Cin, Cout/groups, k...]</param>
    public void Pack(ReadOnlySpan<float> source, float* packed)
    {
        for (int z = 0; z < layout.Z.Sets; z++)
        {
            for (int y = 0; y < layout.Y.Sets; y++)
            {
                for (int x = 0; x < layout.X.Sets; x++)
                    PackSet(source, packed, new FiltersSet(z, y, x));
            }
        }
    }

    /// <param name="source">One per output channel; empty: none.</param>
    /// <param name="packed">[group][block][lane]</param>
    public void PackBias(ReadOnlySpan<float> source, Span<float> packed)
    {
        packed.Clear();
        for (int group = 0; group < layout.Layer.Groups && !source.IsEmpty; group++)
        {
            for (int lane = 0; lane < layout.LanesPerSet; lane++)
            {
                int channel = (group * layout.Layer.OutputChannelsPerGroup) + layout.Lane(lane).Channel;
                packed[(group * layout.Blocks * layout.Lanes) + lane] = source[channel];
            }
        }
    }

    private void PackSet(ReadOnlySpan<float> source, float* packed, FiltersSet set)
    {
        for (int group = 0; group < layout.Layer.Groups; group++)
        {
            for (int block = 0; block < layout.Blocks; block++)
            {
                float* target = packed + layout.PackedOffset(set, group, block);
                for (int channel = 0; channel < layout.Layer.InputChannelsPerGroup; channel += layout.Chunk)
                {
                    int channels = Math.Min(layout.Chunk, layout.Layer.InputChannelsPerGroup - channel);
                    target = PackChunk(source, target, set, (group * layout.Layer.InputChannelsPerGroup) + channel, channels, block);
                }
            }
        }
    }

    private float* PackChunk(ReadOnlySpan<float> source, float* target, FiltersSet set, int channel, int channels, int block)
    {
        for (int z = 0; z < layout.Z.Taps(set.Z).Length; z++)
        {
            for (int y = 0; y < layout.Y.Taps(set.Y).Length; y++)
            {
                for (int x = 0; x < layout.X.Taps(set.X).Length; x++)
                {
                    for (int lane = 0; lane < layout.Lanes; lane++)
                        PackLane(source, target + lane, set, (z, y, x), channel, channels, (block * layout.Lanes) + lane);
                    target += (nint)channels * layout.Lanes;
                }
            }
        }

        return target;
    }

    private void PackLane(
        ReadOnlySpan<float> source, float* target, FiltersSet set, (int Z, int Y, int X) tap, int channel, int channels, int lane)
    {
        bool empty = lane >= layout.LanesPerSet;
        FiltersLane filter = layout.Lane(empty ? 0 : lane);
        int kernelZ = layout.Z.KernelIndex(set.Z, 0, tap.Z);
        int kernelY = layout.Y.KernelIndex(set.Y, filter.PhaseY, tap.Y);
        int kernelX = layout.X.KernelIndex(set.X, filter.PhaseX, tap.X);
        Dims kernel = layout.Kernel;
        long index = (((kernelZ * kernel[1]) + kernelY) * kernel[2]) + kernelX;
        for (int i = 0; i < channels; i++)
        {
            long row = ((long)(channel + i) * layout.Layer.OutputChannelsPerGroup) + filter.Channel;
            target[(nint)i * layout.Lanes] = empty ? 0f : source[(int)((row * kernel.Volume) + index)];
        }
    }
}
