using System.Numerics;
using System.Runtime.InteropServices;
using Upweave.Storage;
using Upweave.Tiling;

namespace Upweave.Worker.Pyramids;

/// <summary>
/// Halves an array along some axes: each element is the mean of the 1, 2, 4 or 8 that it stands for; at a far edge there may be fewer.
/// Integers are summed exactly and rounded to nearest, ties to even. Floats are summed as float64 in C order, divided (by a power
/// of 2, so exactly) and rounded once; a stored NaN is the positive quiet one.
/// </summary>
public static class BlockMean
{
    /// <param name="source">Elements of <paramref name="sourceShape"/>, C order, little-endian.</param>
    /// <param name="halved">The axes along which two become one.</param>
    /// <param name="destination">Exactly half of the source's extents along those axes, rounded up.</param>
    public static void Compute(
        ElementType type, ReadOnlySpan<byte> source, Dims sourceShape, IReadOnlyList<bool> halved, Span<byte> destination)
    {
        switch (type)
        {
            case ElementType.Bool or ElementType.UInt8: Integers<byte, long>(source, sourceShape, halved, destination); break;
            case ElementType.Int8: Integers<sbyte, long>(source, sourceShape, halved, destination); break;
            case ElementType.UInt16: Integers<ushort, long>(source, sourceShape, halved, destination); break;
            case ElementType.Int16: Integers<short, long>(source, sourceShape, halved, destination); break;
            case ElementType.UInt32: Integers<uint, long>(source, sourceShape, halved, destination); break;
            case ElementType.Int32: Integers<int, long>(source, sourceShape, halved, destination); break;
            case ElementType.UInt64: Integers<ulong, Int128>(source, sourceShape, halved, destination); break;
            case ElementType.Int64: Integers<long, Int128>(source, sourceShape, halved, destination); break;
            case ElementType.Float16: Run<Half, double>(source, sourceShape, halved, destination, FloatMean<Half>); break;
            case ElementType.Float32: Run<float, double>(source, sourceShape, halved, destination, FloatMean<float>); break;
            case ElementType.Float64: Run<double, double>(source, sourceShape, halved, destination, FloatMean<double>); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    private static void Integers<T, TSum>(ReadOnlySpan<byte> source, Dims shape, IReadOnlyList<bool> halved, Span<byte> destination)
        where T : unmanaged, IBinaryInteger<T>
        where TSum : unmanaged, IBinaryInteger<TSum> =>
        Run<T, TSum>(source, shape, halved, destination, IntegerMean<T, TSum>);

    private static void Run<T, TSum>(
        ReadOnlySpan<byte> source, Dims shape, IReadOnlyList<bool> halved, Span<byte> destination, Func<TSum, int, T> mean)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        ReadOnlySpan<T> elements = MemoryMarshal.Cast<byte, T>(source);
        Span<T> means = MemoryMarshal.Cast<byte, T>(destination);
        int last = shape.Count - 1;
        int width = checked((int)shape[last]);
        int columns = halved[last] ? (width + 1) / 2 : width;
        TileGrid rows = new(Dims.Build(last, axis => shape[axis]), Dims.Build(last, axis => halved[axis] ? 2 : 1));
        TSum[] sums = new TSum[columns];
        int written = 0;
        for (long number = 0; number < rows.Count; number++)
        {
            Array.Clear(sums);
            Box block = rows[number];
            foreach (long row in RowsOf(block, shape))
            {
                AddRow(elements.Slice(checked((int)(row * width)), width), halved[last], sums);
            }

            int lines = (int)block.Volume;
            for (int column = 0; column < columns; column++)
            {
                int across = halved[last] && (2 * column) + 1 < width ? 2 : 1;
                means[written++] = mean(sums[column], lines * across);
            }
        }
    }

    /// <summary>The numbers of the source's rows in a box of its outer axes, in C order.</summary>
    private static IEnumerable<long> RowsOf(Box block, Dims shape)
    {
        TileGrid ones = new(block.Shape, Dims.Repeat(1, block.Rank));
        for (long index = 0; index < ones.Count; index++)
        {
            Dims at = ones[index].Origin;
            long row = 0;
            for (int axis = 0; axis < block.Rank; axis++)
            {
                row = (row * shape[axis]) + block.Origin[axis] + at[axis];
            }

            yield return row;
        }
    }

    private static void AddRow<T, TSum>(ReadOnlySpan<T> row, bool isHalved, Span<TSum> sums)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        if (!isHalved)
        {
            for (int column = 0; column < row.Length; column++)
            {
                sums[column] += TSum.CreateTruncating(row[column]);
            }

            return;
        }

        int pairs = row.Length / 2;
        for (int pair = 0; pair < pairs; pair++)
        {
            sums[pair] += TSum.CreateTruncating(row[2 * pair]);
            sums[pair] += TSum.CreateTruncating(row[(2 * pair) + 1]);
        }

        if (row.Length % 2 == 1)
            sums[pairs] += TSum.CreateTruncating(row[^1]);
    }

    /// <param name="count">1, 2, 4 or 8.</param>
    private static T IntegerMean<T, TSum>(TSum sum, int count)
        where T : unmanaged, IBinaryInteger<T>
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        int shift = BitOperations.Log2((uint)count);
        TSum floor = sum >> shift;
        TSum twice = (sum - (floor << shift)) << 1;
        TSum whole = TSum.CreateTruncating(count);
        bool isUp = twice > whole || (twice == whole && TSum.IsOddInteger(floor));
        return T.CreateTruncating(isUp ? floor + TSum.One : floor);
    }

    private static T FloatMean<T>(double sum, int count)
        where T : unmanaged, IFloatingPointIeee754<T> => double.IsNaN(sum) ? T.Abs(T.NaN) : T.CreateTruncating(sum / count);
}
