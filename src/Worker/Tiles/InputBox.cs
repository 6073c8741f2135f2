using Upweave.Kernels;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Worker.Tiles;

/// <summary>Turns what was read into what a kernel takes: float32, with the layer's border around it.</summary>
public static class InputBox
{
    /// <param name="stored">Elements of <paramref name="needed"/> for all channels: [C, box...], C order.</param>
    /// <param name="bigEndian">The order of their bytes.</param>
    /// <param name="needed">The part of the input that was read; empty where a zero border covers everything.</param>
    /// <param name="region">What the kernel takes; reaches beyond the input at its border.</param>
    /// <param name="destination">[C, region...], C order; every element is overwritten.</param>
    public static void Fill(
        ReadOnlySpan<byte> stored, ElementType type, bool bigEndian, int channels, Box needed, Box region, Border border,
        Span<float> destination)
    {
        if (needed.IsEmpty)
        {
            destination.Clear();
            return;
        }

        int last = region.Rank - 1;
        int width = checked((int)region.Shape[last]);
        int rowBytes = checked((int)needed.Shape[last] * type.Size());
        long rows = region.Volume / width;
        long storedRows = needed.Volume / needed.Shape[last];
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<byte> plane = stored.Slice(checked((int)(channel * storedRows * rowBytes)), checked((int)(storedRows * rowBytes)));
            for (long row = 0; row < rows; row++)
            {
                Span<float> line = destination.Slice(checked((int)(((channel * rows) + row) * width)), width);
                long source = SourceRow(row, needed, region, border);
                if (source < 0)
                    line.Clear();
                else
                    FillRow(plane.Slice(checked((int)(source * rowBytes)), rowBytes), type, bigEndian, needed, region, border, line);
            }
        }
    }

    /// <summary>Which row of the needed box a row of the region reads; -1 for a row of zeros.</summary>
    private static long SourceRow(long row, Box needed, Box region, Border border)
    {
        long source = 0;
        long factor = 1;
        for (int axis = region.Rank - 2; axis >= 0; axis--)
        {
            long at = region.Origin[axis] + (row % region.Shape[axis]) - needed.Origin[axis];
            row /= region.Shape[axis];
            if (at < 0 || at >= needed.Shape[axis])
            {
                if (border == Border.Zero)
                    return -1;
                at = Math.Clamp(at, 0, needed.Shape[axis] - 1);
            }

            source += at * factor;
            factor *= needed.Shape[axis];
        }

        return source;
    }

    private static void FillRow(
        ReadOnlySpan<byte> stored, ElementType type, bool bigEndian, Box needed, Box region, Border border, Span<float> line)
    {
        int last = region.Rank - 1;
        long shift = needed.Origin[last] - region.Origin[last];
        long start = Math.Clamp(shift, 0, line.Length);
        long end = Math.Clamp(shift + needed.Shape[last], 0, line.Length);
        if (start < end)
        {
            int skipped = checked((int)(start - shift) * type.Size());
            int taken = checked((int)(end - start) * type.Size());
            ElementConverter.ToFloat32(type, bigEndian, stored.Slice(skipped, taken), line[(int)start..(int)end]);
        }

        int edge = type.Size();
        line[..(int)start].Fill(border == Border.Zero ? 0 : One(stored[..edge], type, bigEndian));
        line[(int)Math.Max(start, end)..].Fill(border == Border.Zero ? 0 : One(stored[^edge..], type, bigEndian));
    }

    private static float One(ReadOnlySpan<byte> element, ElementType type, bool bigEndian)
    {
        float value = 0;
        ElementConverter.ToFloat32(type, bigEndian, element, new Span<float>(ref value));
        return value;
    }
}
