using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels;

/// <summary>The sum behind one output element by the minimal algorithm, from inputs and weights as they are.</summary>
internal readonly ref struct MinimalSum(
    ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> input, Box inputBox)
{
    private readonly ReadOnlySpan<float> weights = weights;
    private readonly ReadOnlySpan<float> input = input;
    private readonly ConvTransposeGeometry geometry = ThreeAxes.Lift(layer.Geometry);
    private readonly Box box = ThreeAxes.Lift(inputBox);

    /// <summary>Points are added along x first, then along y.</summary>
    public float At(int channel, long z, long y, long x)
    {
        if (!IsPair(1))
            return AlongX(channel, z, y, point: -1, x);
        (int first, bool hasTwo) = Points(1, y);
        float total = AlongX(channel, z, y, first, x);
        return hasTwo ? total + AlongX(channel, z, y, first + 1, x) : total;
    }

    private float AlongX(int channel, long z, long y, int point, long x)
    {
        (int first, bool hasTwo) = Points(2, x);
        float total = Product(channel, z, y, point, x, first);
        return hasTwo ? total + Product(channel, z, y, point, x, first + 1) : total;
    }

    /// <summary>The first point of an output of a cell, and whether it takes the next as well.</summary>
    private (int First, bool HasTwo) Points(int axis, long output)
    {
        long position = FloorDiv(output + geometry.PadsBegin[axis], geometry.Strides[axis]);
        return ((int)FloorMod(position, 2), HasTwoTaps(axis, output));
    }

    /// <summary>The sum over input channels, and over the taps on other axes, of one point.</summary>
    private float Product(int channel, long z, long y, int pointY, long x, int pointX)
    {
        int chunk = MinimalArithmetic.ChannelsPerChunk(layer);
        int first = channel / layer.OutputChannelsPerGroup * layer.InputChannelsPerGroup;
        float total = 0f;
        for (int start = 0; start < layer.InputChannelsPerGroup; start += chunk)
        {
            int end = Math.Min(start + chunk, layer.InputChannelsPerGroup);
            float subtotal = 0f;
            for (long tapZ = 0; tapZ < geometry.Kernel[0]; tapZ++)
            {
                for (long tapY = 0; IsTap(0, z, tapZ) && tapY < (pointY < 0 ? geometry.Kernel[1] : 1); tapY++)
                {
                    if (pointY < 0 && !IsTap(1, y, tapY))
                        continue;
                    for (int block = start; block < end; block += MinimalArithmetic.ChannelsPerBlock)
                    {
                        float sum = 0f;
                        for (int c = block; c < Math.Min(block + MinimalArithmetic.ChannelsPerBlock, end); c++)
                        {
                            float value = Input(first + c, z, tapZ, y, tapY, pointY, x, pointX);
                            sum = MathF.FusedMultiplyAdd(value, Weight(first + c, channel, tapZ, y, tapY, pointY, x, pointX), sum);
                        }

                        subtotal += sum;
                    }
                }
            }

            total += subtotal;
        }

        return total;
    }

    /// <summary>The transformed input of a point: along x, then along y.</summary>
    private float Input(int channel, long z, long tapZ, long y, long tapY, int pointY, long x, int pointX)
    {
        long inputZ = FloorDiv(z + geometry.PadsBegin[0] - (tapZ * geometry.Dilations[0]), geometry.Strides[0]);
        if (pointY < 0)
        {
            long row = FloorDiv(y + geometry.PadsBegin[1] - (tapY * geometry.Dilations[1]), geometry.Strides[1]);
            return InputAlongX(channel, inputZ, row, x, pointX);
        }

        long middle = Middle(1, y);
        if (!HasTwoTaps(1, y))
            return InputAlongX(channel, inputZ, middle + pointY, x, pointX);
        float value = InputAlongX(channel, inputZ, middle, x, pointX);
        return pointY switch
        {
            0 => InputAlongX(channel, inputZ, middle - 1, x, pointX) - value,
            1 => value,
            _ => InputAlongX(channel, inputZ, middle + 1, x, pointX) - value,
        };
    }

    private float InputAlongX(int channel, long z, long y, long x, int point)
    {
        long middle = Middle(2, x);
        if (!HasTwoTaps(2, x))
            return Element(channel, z, y, middle + point);
        float value = Element(channel, z, y, middle);
        return point switch
        {
            0 => Element(channel, z, y, middle - 1) - value,
            1 => value,
            _ => Element(channel, z, y, middle + 1) - value,
        };
    }

    /// <summary>The transformed weight of a point: along x, then along y.</summary>
    private float Weight(int input, int output, long tapZ, long y, long tapY, int pointY, long x, int pointX)
    {
        if (pointY < 0)
            return WeightAlongX(input, output, tapZ, tapY, x, pointX);
        long phase = Phase(1, y);
        long far = phase + geometry.Strides[1];
        if (!HasTwoTaps(1, y) || pointY == 2)
            return WeightAlongX(input, output, tapZ, phase, x, pointX);
        float weight = WeightAlongX(input, output, tapZ, far, x, pointX);
        return pointY == 0 ? weight : weight + WeightAlongX(input, output, tapZ, phase, x, pointX);
    }

    private float WeightAlongX(int input, int output, long tapZ, long tapY, long x, int point)
    {
        long phase = Phase(2, x);
        long far = phase + geometry.Strides[2];
        if (!HasTwoTaps(2, x) || point == 2)
            return WeightAt(input, output, tapZ, tapY, phase);
        float weight = WeightAt(input, output, tapZ, tapY, far);
        return point == 0 ? weight : weight + WeightAt(input, output, tapZ, tapY, phase);
    }

    private float WeightAt(int input, int output, long tapZ, long tapY, long tapX)
    {
        long filter = ((long)input * layer.OutputChannelsPerGroup) + (output % layer.OutputChannelsPerGroup);
        return weights[(int)((((((filter * geometry.Kernel[0]) + tapZ) * geometry.Kernel[1]) + tapY) * geometry.Kernel[2]) + tapX)];
    }

    private float Element(int channel, long z, long y, long x)
    {
        if (!Find(0, ref z) || !Find(1, ref y) || !Find(2, ref x))
            return 0f;
        return input[(int)((((((channel * box.Shape[0]) + z) * box.Shape[1]) + y) * box.Shape[2]) + x)];
    }

    /// <summary>Turns a position into one of the box; false outside a border of zeros.</summary>
    private bool Find(int axis, ref long position)
    {
        position -= box.Origin[axis];
        if (layer.Border == Border.Replicate)
            position = Math.Clamp(position, 0, box.Shape[axis] - 1);
        return position >= 0 && position < box.Shape[axis];
    }

    private bool IsPair(int axis) => geometry.Cell!.Value[axis] == 2;

    private bool HasTwoTaps(int axis, long output) => Phase(axis, output) + geometry.Strides[axis] < geometry.Kernel[axis];

    private long Phase(int axis, long output) => FloorMod(output + geometry.PadsBegin[axis], geometry.Strides[axis]);

    /// <summary>The first position of an output's cell.</summary>
    private long Middle(int axis, long output) =>
        2 * FloorDiv(output + geometry.PadsBegin[axis], 2 * geometry.Strides[axis]);

    private bool IsTap(int axis, long output, long tap) =>
        FloorMod(output + geometry.PadsBegin[axis] - (tap * geometry.Dilations[axis]), geometry.Strides[axis]) == 0;
}
