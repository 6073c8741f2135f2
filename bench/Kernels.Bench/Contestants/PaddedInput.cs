using Upweave.Tiling;

namespace Upweave.Bench.Contestants;

/// <summary>Makes the input that the kernels' interface asks for: the read region of a box, with +0 outside the array.</summary>
internal static class PaddedInput
{
    /// <param name="input">[channels, extents...].</param>
    /// <param name="region">[channels, box...]; every element is overwritten.</param>
    public static void Fill(ReadOnlySpan<float> input, Dims extents, long channels, Span<float> region, Box box)
    {
        region.Clear();
        Box inside = box.Intersect(Box.Whole(extents));
        if (inside.IsEmpty)
            return;
        int rank = extents.Count;
        int run = checked((int)inside.Shape[rank - 1]);
        long rows = inside.Volume / run;
        for (long channel = 0; channel < channels; channel++)
        {
            for (long row = 0; row < rows; row++)
            {
                long source = channel, target = channel, rest = row, below = rows;
                for (int axis = 0; axis < rank; axis++)
                {
                    long extent = axis == rank - 1 ? 1 : inside.Shape[axis];
                    below /= extent;
                    long position = inside.Origin[axis] + (rest / below);
                    rest %= below;
                    source = (source * extents[axis]) + position;
                    target = (target * box.Shape[axis]) + position - box.Origin[axis];
                }

                input.Slice((int)source, run).CopyTo(region.Slice((int)target, run));
            }
        }
    }
}
