using System.Buffers.Binary;

namespace Upweave.Interop.Tests.Support;

/// <summary>A lower resolution by plain loops: each element is the mean of the block that it stands for.</summary>
public static class PlainMean
{
    /// <summary>
    /// Blocks are 2 long on the axes along which the result is shorter, and cut off at the far edge. Integers are rounded to the nearest,
    /// ties to the even one; of floats the numbers must be exact.
    /// </summary>
    public static NpyArray Compute(NpyArray source, long[] shape)
    {
        long[] block = [.. source.Shape.Zip(shape, (from, to) => from == to ? 1L : 2L)];
        Assert.Equal(source.Shape.Zip(block, (extent, side) => (extent + side - 1) / side), shape);
        int size = Axes.ElementBytes(source.Descr);
        byte[] bytes = new byte[shape.Aggregate((long)size, (product, extent) => product * extent)];
        for (long element = 0; element < bytes.Length / size; element++)
        {
            long[] first = [.. Unravel(element, shape).Zip(block, (at, side) => at * side)];
            decimal sum = 0;
            int count = 0;
            for (long inside = 0; inside < block.Aggregate(1L, (product, extent) => product * extent); inside++)
            {
                long[] index = [.. first.Zip(Unravel(inside, block), (at, step) => at + step)];
                if (index.Zip(source.Shape).Any(axis => axis.First >= axis.Second))
                    continue;
                sum += Element(source, index);
                count++;
            }

            Write(source.Descr, sum / count, bytes.AsSpan((int)(element * size)));
        }

        return new NpyArray(source.Descr, shape, bytes);
    }

    private static long[] Unravel(long element, long[] shape)
    {
        long[] index = new long[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
            (element, index[axis]) = Math.DivRem(element, shape[axis]);
        return index;
    }

    private static decimal Element(NpyArray array, long[] index)
    {
        long place = index.Zip(array.Shape).Aggregate(0L, (at, axis) => (at * axis.Second) + axis.First);
        ReadOnlySpan<byte> bytes = array.Bytes.AsSpan((int)place * Axes.ElementBytes(array.Descr));
        return array.Descr switch
        {
            "|u1" => bytes[0],
            "<u2" => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            "<f4" => (decimal)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            _ => throw new ArgumentException($"No means of {array.Descr} here.", nameof(array)),
        };
    }

    private static void Write(string descr, decimal mean, Span<byte> bytes)
    {
        decimal rounded = Math.Round(mean, MidpointRounding.ToEven);
        if (descr == "|u1")
            bytes[0] = (byte)rounded;
        else if (descr == "<u2")
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)rounded);
        else
            BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)mean);
    }
}
