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
        if (!HasCells(1))
            return AlongX(channel, z, y, point: -1, x);
        int second = Second(1, y);
        float total = AlongX(channel, z, y, second, x);
        return Taps(1, y) switch
        {
            1 => total,
            2 => total + AlongX(channel, z, y, second + 1, x),
            _ when second == 0 => total + AlongX(channel, z, y, 1, x) + AlongX(channel, z, y, 2, x),
            _ => total - AlongX(channel, z, y, 2, x) - AlongX(channel, z, y, 3, x),
        };
    }

    private float AlongX(int channel, long z, long y, int point, long x)
    {
        int second = Second(2, x);
        float total = Product(channel, z, y, point, x, second);
        return Taps(2, x) switch
        {
            1 => total,
            2 => total + Product(channel, z, y, point, x, second + 1),
            _ when second == 0 => total + Product(channel, z, y, point, x, 1) + Product(channel, z, y, point, x, 2),
            _ => total - Product(channel, z, y, point, x, 2) - Product(channel, z, y, point, x, 3),
        };
    }

    /// <summary>1 for an output at the second position of its cell, 0 at the first; also the first of the points that it adds.</summary>
    private int Second(int axis, long output) =>
        (int)FloorMod(FloorDiv(output + geometry.PadsBegin[axis], geometry.Strides[axis]), 2);

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

        long at = First(1, y);
        return (Taps(1, y), pointY) switch
        {
            (1, _) => InputAlongX(channel, inputZ, at + pointY, x, pointX),
            (2, 0) => InputAlongX(channel, inputZ, at - 1, x, pointX) - InputAlongX(channel, inputZ, at, x, pointX),
            (2, 1) => InputAlongX(channel, inputZ, at, x, pointX),
            (2, _) => InputAlongX(channel, inputZ, at + 1, x, pointX) - InputAlongX(channel, inputZ, at, x, pointX),
            (_, 0) => InputAlongX(channel, inputZ, at - 2, x, pointX) - InputAlongX(channel, inputZ, at, x, pointX),
            (_, 1) => InputAlongX(channel, inputZ, at - 1, x, pointX) + InputAlongX(channel, inputZ, at, x, pointX),
            (_, 2) => InputAlongX(channel, inputZ, at, x, pointX) - InputAlongX(channel, inputZ, at - 1, x, pointX),
            _ => InputAlongX(channel, inputZ, at - 1, x, pointX) - InputAlongX(channel, inputZ, at + 1, x, pointX),
        };
    }

    private float InputAlongX(int channel, long z, long y, long x, int point)
    {
        long at = First(2, x);
        return (Taps(2, x), point) switch
        {
            (1, _) => Element(channel, z, y, at + point),
            (2, 0) => Element(channel, z, y, at - 1) - Element(channel, z, y, at),
            (2, 1) => Element(channel, z, y, at),
            (2, _) => Element(channel, z, y, at + 1) - Element(channel, z, y, at),
            (_, 0) => Element(channel, z, y, at - 2) - Element(channel, z, y, at),
            (_, 1) => Element(channel, z, y, at - 1) + Element(channel, z, y, at),
            (_, 2) => Element(channel, z, y, at) - Element(channel, z, y, at - 1),
            _ => Element(channel, z, y, at - 1) - Element(channel, z, y, at + 1),
        };
    }

    /// <summary>The transformed weight of a point: along x, then along y.</summary>
    private float Weight(int input, int output, long tapZ, long y, long tapY, int pointY, long x, int pointX)
    {
        if (pointY < 0)
            return WeightAlongX(input, output, tapZ, tapY, x, pointX);
        long near = Phase(1, y), far = near + geometry.Strides[1], farthest = far + geometry.Strides[1];
        switch (Taps(1, y), pointY)
        {
            case (1, _) or (2, 2) or (3, 3):
                return WeightAlongX(input, output, tapZ, near, x, pointX);
            case (2, 0):
                return WeightAlongX(input, output, tapZ, far, x, pointX);
            case (2, 1):
                return WeightAlongX(input, output, tapZ, far, x, pointX) + WeightAlongX(input, output, tapZ, near, x, pointX);
            case (3, 0):
                return WeightAlongX(input, output, tapZ, farthest, x, pointX);
            default:
                float ends = WeightAlongX(input, output, tapZ, farthest, x, pointX) + WeightAlongX(input, output, tapZ, near, x, pointX);
                float middle = WeightAlongX(input, output, tapZ, far, x, pointX);
                return (pointY == 1 ? ends + middle : ends - middle) * 0.5f;
        }
    }

    private float WeightAlongX(int input, int output, long tapZ, long tapY, long x, int point)
    {
        long near = Phase(2, x), far = near + geometry.Strides[2], farthest = far + geometry.Strides[2];
        switch (Taps(2, x), point)
        {
            case (1, _) or (2, 2) or (3, 3):
                return WeightAt(input, output, tapZ, tapY, near);
            case (2, 0):
                return WeightAt(input, output, tapZ, tapY, far);
            case (2, 1):
                return WeightAt(input, output, tapZ, tapY, far) + WeightAt(input, output, tapZ, tapY, near);
            case (3, 0):
                return WeightAt(input, output, tapZ, tapY, farthest);
            default:
                float ends = WeightAt(input, output, tapZ, tapY, farthest) + WeightAt(input, output, tapZ, tapY, near);
                float middle = WeightAt(input, output, tapZ, tapY, far);
                return (point == 1 ? ends + middle : ends - middle) * 0.5f;
        }
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

    private bool HasCells(int axis) => geometry.Cell!.Value[axis] == 2;

    /// <summary>Of an output's phase: 1 to 3.</summary>
    private int Taps(int axis, long output) => (int)CeilDiv(geometry.Kernel[axis] - Phase(axis, output), geometry.Strides[axis]);

    private long Phase(int axis, long output) => FloorMod(output + geometry.PadsBegin[axis], geometry.Strides[axis]);

    /// <summary>The first position of an output's cell.</summary>
    private long First(int axis, long output) =>
        2 * FloorDiv(output + geometry.PadsBegin[axis], 2 * geometry.Strides[axis]);

    private bool IsTap(int axis, long output, long tap) =>
        FloorMod(output + geometry.PadsBegin[axis] - (tap * geometry.Dilations[axis]), geometry.Strides[axis]) == 0;
}
