using System.Runtime.InteropServices;
using Upweave.Storage;
using Upweave.Tests;
using Upweave.Tiling;
using Upweave.Worker.Pyramids;

namespace Upweave.Worker.Tests;

/// <summary>Means of blocks against the definition in exact decimals.</summary>
public sealed class BlockMeanTests
{
    public static TheoryData<long[], bool[]> Shapes => new()
    {
        { [4, 6], [true, true] },
        { [5, 7], [true, true] },
        { [1, 1], [true, true] },
        { [3, 5, 4], [false, true, true] },
        { [2, 5, 3, 7], [false, true, true, true] },
        { [3, 5, 4], [false, false, true] },
        { [3, 5, 5], [false, true, false] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Compute_AnyShape_IsTheMeanRoundedToEven(long[] shape, bool[] halved)
    {
        Dims source = Dims.Create(shape);
        int count = (int)source.Volume;
        Random random = new(5);
        Check(ElementType.UInt8, source, halved, Fill(count, () => (byte)random.Next(256)));
        Check(ElementType.Int8, source, halved, Fill(count, () => (sbyte)random.Next(-128, 128)));
        Check(ElementType.UInt16, source, halved, Fill(count, () => (ushort)random.Next(65536)));
        Check(ElementType.Int16, source, halved, Fill(count, () => (short)random.Next(-32768, 32768)));
        Check(ElementType.UInt32, source, halved, Fill(count, () => (uint)random.NextInt64(1L << 32)));
        Check(ElementType.Int32, source, halved, Fill(count, () => (int)random.NextInt64(-1L << 31, 1L << 31)));
        Check(ElementType.UInt64, source, halved, Fill(count, () => ulong.MaxValue - (ulong)random.Next(7)));
        Check(ElementType.Int64, source, halved, Fill(count, () => long.MinValue + random.Next(7)));
        // Small whole numbers and their quarters are exact in every float.
        Check(ElementType.Float16, source, halved, Fill(count, () => (Half)random.Next(-100, 100)));
        Check(ElementType.Float32, source, halved, Fill(count, () => (float)random.Next(-1000, 1000)));
        Check(ElementType.Float64, source, halved, Fill(count, () => (double)random.Next(-1000, 1000)));
    }

    [Fact]
    public void Compute_Ties_GoToEven()
    {
        byte[] means = new byte[3];
        BlockMean.Compute(ElementType.UInt8, [0, 1, 1, 2, 254, 255], [6], [true], means);
        Assert.Equal([0, 2, 254], means);
        BlockMean.Compute(ElementType.Int8, [0, 0xFF, 0xFF, 0xFE, 0x80, 0x81], [6], [true], means); // -1, -2; -128, -127
        Assert.Equal([0, -2, -128], MemoryMarshal.Cast<byte, sbyte>(means).ToArray());
    }

    [Fact]
    public void Compute_NotANumber_IsThePositiveQuietOne()
    {
        float[] source = [float.NaN, 1, float.PositiveInfinity, float.NegativeInfinity, -0f, -0f];
        byte[] means = new byte[12];
        BlockMean.Compute(ElementType.Float32, MemoryMarshal.AsBytes<float>(source), [6], [true], means);
        Assert.Equal([0x7FC00000u, 0x7FC00000u, 0u], MemoryMarshal.Cast<byte, uint>(means).ToArray());
    }

    private static T[] Fill<T>(int count, Func<T> value) => [.. Enumerable.Range(0, count).Select(_ => value())];

    private static void Check<T>(ElementType type, Dims source, bool[] halved, T[] elements)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        Dims shape = Dims.Build(source.Count, axis => halved[axis] ? IntegerMath.CeilDiv(source[axis], 2) : source[axis]);
        T[] means = new T[shape.Volume];
        BlockMean.Compute(type, MemoryMarshal.AsBytes<T>(elements), source, halved, MemoryMarshal.AsBytes(means.AsSpan()));
        TileGrid ones = new(shape, Dims.Repeat(1, shape.Count));
        TileGrid sources = new(source, Dims.Repeat(1, source.Count));
        bool isInteger = type < ElementType.Float16;
        for (long index = 0; index < ones.Count; index++)
        {
            Dims at = ones[index].Origin;
            decimal[] block = [.. Enumerable.Range(0, (int)sources.Count)
                .Where(number => sources[number].Origin.Index().All(place =>
                    (halved[place.Index] ? place.Item / 2 : place.Item) == at[place.Index]))
                .Select(number => decimal.CreateChecked(elements[number]))];
            decimal mean = block.Sum() / block.Length;
            Assert.Equal(isInteger ? Math.Round(mean, MidpointRounding.ToEven) : mean, decimal.CreateChecked(means[index]));
        }
    }
}
