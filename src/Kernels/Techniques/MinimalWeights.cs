namespace Upweave.Kernels.Techniques;

/// <summary>
/// Packed weights of a minimal layer: [group][z-phase, and y-phase where y has no cells][4 output channels][y-phase][x-phase][point of
/// y][point of x][chunk of input channels][tap][input channel][4].
/// </summary>
internal sealed class MinimalWeights(MinimalShape shape)
{
    private readonly ConvTransposeLayer layer = shape.Layer;

    public unsafe void Pack(ReadOnlySpan<float> source, float* target)
    {
        for (int group = 0; group < layer.Groups; group++)
        {
            for (int phaseZ = 0; phaseZ < shape.Z.OuterPhases; phaseZ++)
            {
                for (int outerY = 0; outerY < shape.Y.OuterPhases; outerY++)
                {
                    for (int tile = 0; tile < shape.RowTiles; tile++)
                        target = PackTile(source, group, tile * shape.TileRows, phaseZ, outerY, target);
                }
            }
        }
    }

    private unsafe float* PackTile(ReadOnlySpan<float> source, int group, int firstOutput, int phaseZ, int outerY, float* target)
    {
        for (int innerY = 0; innerY < shape.Y.InnerPhases; innerY++)
        {
            for (int phaseX = 0; phaseX < shape.X.InnerPhases; phaseX++)
            {
                for (int pointY = 0; pointY < shape.Y.Points(innerY); pointY++)
                {
                    for (int pointX = 0; pointX < shape.X.Points(phaseX); pointX++)
                    {
                        Point point = new(phaseZ, outerY, innerY, pointY, phaseX, pointX);
                        target = PackPoint(source, group, firstOutput, point, target);
                    }
                }
            }
        }

        return target;
    }

    private unsafe float* PackPoint(ReadOnlySpan<float> source, int group, int firstOutput, in Point point, float* target)
    {
        int live = Math.Min(shape.TileRows, layer.OutputChannelsPerGroup - firstOutput);
        int kernelVolume = (int)layer.Geometry.Kernel.Volume;
        int tapsY = shape.Y.Taps(point.OuterY);
        int taps = shape.Taps(point.PhaseZ, point.OuterY);
        for (int start = 0; start < layer.InputChannelsPerGroup; start += shape.Chunk)
        {
            int end = Math.Min(start + shape.Chunk, layer.InputChannelsPerGroup);
            for (int tap = 0; tap < taps; tap++)
            {
                int kernelZ = shape.Z.Phases.Taps(point.PhaseZ)[tap / tapsY].Index;
                for (int channel = start; channel < end; channel++)
                {
                    long filter = ((((long)group * layer.InputChannelsPerGroup) + channel) * layer.OutputChannelsPerGroup) + firstOutput;
                    for (int row = 0; row < shape.TileRows; row++)
                    {
                        *target++ = row < live
                            ? Transformed(source.Slice((int)((filter + row) * kernelVolume), kernelVolume), kernelZ, tap % tapsY, point)
                            : 0f;
                    }
                }
            }
        }

        return target;
    }

    /// <summary>Along x first, then along y.</summary>
    private float Transformed(ReadOnlySpan<float> kernel, int kernelZ, int tapY, in Point point)
    {
        int firstRow = kernelZ * shape.Y.Phases.Kernel;
        if (!shape.Y.HasCells)
            return AlongX(kernel, firstRow + shape.Y.Phases.Taps(point.OuterY)[tapY].Index, point);
        int row = firstRow + point.InnerY;
        float near = AlongX(kernel, row, point);
        if (shape.Y.Points(point.InnerY) == 2)
            return near;
        float far = AlongX(kernel, row + shape.Y.Stride, point);
        return shape.Y.HasTriples
            ? MinimalPoints.OfThree(AlongX(kernel, row + (2 * shape.Y.Stride), point), far, near, point.PointY)
            : MinimalPoints.OfTwo(far, near, point.PointY);
    }

    private float AlongX(ReadOnlySpan<float> kernel, int row, in Point point)
    {
        int place = (row * shape.X.Phases.Kernel) + point.PhaseX;
        float near = kernel[place];
        if (shape.X.Points(point.PhaseX) == 2)
            return near;
        float far = kernel[place + shape.X.Stride];
        return shape.X.HasTriples
            ? MinimalPoints.OfThree(kernel[place + (2 * shape.X.Stride)], far, near, point.PointX)
            : MinimalPoints.OfTwo(far, near, point.PointX);
    }

    private readonly record struct Point(int PhaseZ, int OuterY, int InnerY, int PointY, int PhaseX, int PointX);
}
