using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tiff;

/// <summary>A box of an array that lies in one page: which rows and columns of it, and which channels.</summary>
internal readonly record struct TiffPlaneBox(
    TiffPage Page, long Shift, int FirstSample, int Samples, long Top, long Rows, long Left, long Columns)
{
    public long Bottom => Top + Rows;

    /// <param name="box">Of a single batch and z, and of channels that lie in one page.</param>
    public static TiffPlaneBox Of(TiffStack stack, Box box)
    {
        AxisLayout axes = stack.Axes;
        long batch = axes.HasBatch ? box.Origin[0] : 0;
        long channel = axes.HasChannels ? box.Origin[axes.Leading - 1] : 0;
        long z = axes.SpatialRank == 3 ? box.Origin[axes.Leading] : 0;
        int samples = stack.Layout.Samples;
        (TiffPage page, long shift) = stack.Plane(batch, channel / samples, z);
        return new TiffPlaneBox(
            page,
            shift,
            (int)(channel % samples),
            axes.HasChannels ? (int)box.Shape[axes.Leading - 1] : 1,
            box.Origin[^2],
            box.Shape[^2],
            box.Origin[^1],
            box.Shape[^1]);
    }

    /// <summary>Strides of channel, row and column in a box of elements, of the array or a part of it.</summary>
    public static long[] Strides(AxisLayout axes, Dims shape)
    {
        long[] strides = StridedCopy.Strides(shape);
        return [axes.HasChannels ? strides[axes.Leading - 1] : 0, strides[^2], 1];
    }
}
