namespace Upweave.Kernels.Techniques;

/// <summary>
/// The blocks of the sum of one point, the same for all points: only where weights and lines begin differs. One list for each number of
/// taps that there is, made once per kernel.
/// </summary>
internal sealed unsafe class MinimalSteps : IDisposable
{
    private readonly MinimalShape shape;
    private readonly int perTap;
    private readonly AlignedBuffer[] lists;

    public MinimalSteps(MinimalShape shape)
    {
        this.shape = shape;
        perTap = PerTap(shape);
        lists = [.. Enumerable.Range(1, shape.TapsMost).Select(Make)];
    }

    /// <summary>Bytes of all lists.</summary>
    public static long Bytes(MinimalShape shape) =>
        checked((long)shape.TapsMost * (shape.TapsMost + 1) / 2 * PerTap(shape) * sizeof(BlockStep));

    /// <summary>How many blocks a point has.</summary>
    public int Count(int taps) => taps * perTap;

    /// <summary>For at least one tap.</summary>
    public BlockStep* List(int taps)
    {
        fixed (byte* list = lists[taps - 1].GetSpan())
            return (BlockStep*)list;
    }

    public void Dispose() => Array.ForEach(lists, list => list.Dispose());

    /// <summary>Blocks of one tap over all input channels.</summary>
    private static int PerTap(MinimalShape shape)
    {
        int blocks = 0;
        for (int start = 0; start < shape.Layer.InputChannelsPerGroup; start += shape.Chunk)
        {
            int channels = Math.Min(shape.Chunk, shape.Layer.InputChannelsPerGroup - start);
            blocks += (channels + MinimalArithmetic.ChannelsPerBlock - 1) / MinimalArithmetic.ChannelsPerBlock;
        }

        return blocks;
    }

    private AlignedBuffer Make(int taps)
    {
        AlignedBuffer list = new((long)taps * perTap * sizeof(BlockStep));
        fixed (byte* memory = list.GetSpan())
        {
            BlockStep* next = (BlockStep*)memory;
            int channels = shape.Layer.InputChannelsPerGroup;
            for (int start = 0; start < channels; start += shape.Chunk)
            {
                int chunk = Math.Min(shape.Chunk, channels - start);
                for (int tap = 0; tap < taps; tap++)
                {
                    for (int block = 0; block < chunk; block += MinimalArithmetic.ChannelsPerBlock)
                    {
                        int line = (start * taps) + (tap * chunk) + block;
                        int length = Math.Min(MinimalArithmetic.ChannelsPerBlock, chunk - block);
                        bool isFirst = tap == 0 && block == 0;
                        bool isLast = tap == taps - 1 && block + length == chunk;
                        *next++ = new BlockStep(line, line, length, isFirst, isLast, start == 0);
                    }
                }
            }
        }

        return list;
    }
}
