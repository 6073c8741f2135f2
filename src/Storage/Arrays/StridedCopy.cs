using System.Runtime.InteropServices;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>Copies a box of elements between two arrays in memory.</summary>
public static class StridedCopy
{
    /// <summary>Elements between neighbours on each axis of an array in C order.</summary>
    public static long[] Strides(Dims shape)
    {
        long[] strides = new long[shape.Count];
        long stride = 1;
        for (int axis = shape.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride = checked(stride * shape[axis]);
        }

        return strides;
    }

    /// <summary>Copies a box between C-order arrays, each given by the box of the common grid that it holds.</summary>
    /// <param name="box">Inside both.</param>
    public static void CopyBox(
        Box box, ReadOnlySpan<byte> source, Box sourceBox, Span<byte> destination, Box destinationBox, int elementBytes)
    {
        long[] from = Strides(sourceBox.Shape);
        long[] to = Strides(destinationBox.Shape);
        Copy(
            box.Shape.AsSpan(),
            source[(int)(Offset(box, sourceBox, from) * elementBytes)..],
            from,
            destination[(int)(Offset(box, destinationBox, to) * elementBytes)..],
            to,
            elementBytes);
    }

    /// <summary>Copies <paramref name="shape"/> elements from the first byte of the source to the first of the destination.</summary>
    /// <param name="from">Strides of the source in elements, one per axis.</param>
    /// <param name="to">Strides of the destination in elements, one per axis.</param>
    public static void Copy(
        ReadOnlySpan<long> shape,
        ReadOnlySpan<byte> source,
        ReadOnlySpan<long> from,
        Span<byte> destination,
        ReadOnlySpan<long> to,
        int elementBytes)
    {
        if (IsContiguous(shape, from) && IsContiguous(shape, to))
        {
            int bytes = elementBytes;
            foreach (long extent in shape)
            {
                bytes = checked((int)(bytes * extent));
            }

            source[..bytes].CopyTo(destination);
        }
        else if (shape.Length == 1)
        {
            CopyLine((int)shape[0], source, (int)from[0], destination, (int)to[0], elementBytes);
        }
        else
        {
            for (long index = 0; index < shape[0]; index++)
            {
                Copy(
                    shape[1..],
                    source[(int)(index * from[0] * elementBytes)..],
                    from[1..],
                    destination[(int)(index * to[0] * elementBytes)..],
                    to[1..],
                    elementBytes);
            }
        }
    }

    private static long Offset(Box box, Box within, long[] strides)
    {
        long offset = 0;
        for (int axis = 0; axis < strides.Length; axis++)
        {
            offset += (box.Origin[axis] - within.Origin[axis]) * strides[axis];
        }

        return offset;
    }

    private static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long expected = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected)
                return false;
            expected *= shape[axis];
        }

        return true;
    }

    private static void CopyLine(
        int count, ReadOnlySpan<byte> source, int from, Span<byte> destination, int to, int elementBytes)
    {
        switch (elementBytes)
        {
            case 1:
                CopyLine<byte>(count, source, from, destination, to);
                break;
            case 2:
                CopyLine<ushort>(count, source, from, destination, to);
                break;
            case 4:
                CopyLine<uint>(count, source, from, destination, to);
                break;
            default:
                CopyLine<ulong>(count, source, from, destination, to);
                break;
        }
    }

    private static void CopyLine<T>(int count, ReadOnlySpan<byte> source, int from, Span<byte> destination, int to)
        where T : unmanaged
    {
        ReadOnlySpan<T> input = MemoryMarshal.Cast<byte, T>(source);
        Span<T> output = MemoryMarshal.Cast<byte, T>(destination);
        for (int index = 0; index < count; index++)
        {
            output[index * to] = input[index * from];
        }
    }
}
