using System.Numerics;
using System.Runtime.InteropServices;
using CsCheck;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tests.Arrays;

public sealed class ElementConverterTests
{
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly float[] Special =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0.49999997f, 65504f, 65520f, 2147483648f, 4294967296f,
        9.223372e18f, 1.8446744e19f, -9.223372e18f,
    ];

    /// <summary>Any bits, and values near where rounding and saturation happen.</summary>
    private static readonly Gen<float> Floats = Gen.OneOf(
        Gen.UInt.Select(BitConverter.UInt32BitsToSingle),
        Gen.Int[-140_000, 140_000].Select(half => half / 2f),
        Gen.Int[-600, 600].Select(half => half / 2f),
        Gen.Int[0, Special.Length - 1].Select(index => Special[index]));

    /// <summary>Any bits, and few bits far apart with a small difference: ties of rounding and what lies beside them.</summary>
    private static readonly Gen<ulong> Bits = Gen.OneOf(
        Gen.ULong,
        Gen.Select(Gen.Int[0, 63], Gen.Int[20, 30], Gen.Int[-2, 2])
            .Select((high, distance, difference) => (1UL << high) + (1UL << Math.Max(0, high - distance)) + (ulong)(long)difference));

    private static readonly Dictionary<ElementType, (BigInteger Min, BigInteger Max)> Integers = new()
    {
        [ElementType.Int8] = (sbyte.MinValue, sbyte.MaxValue),
        [ElementType.UInt8] = (0, byte.MaxValue),
        [ElementType.Int16] = (short.MinValue, short.MaxValue),
        [ElementType.UInt16] = (0, ushort.MaxValue),
        [ElementType.Int32] = (int.MinValue, int.MaxValue),
        [ElementType.UInt32] = (0, uint.MaxValue),
        [ElementType.Int64] = (long.MinValue, long.MaxValue),
        [ElementType.UInt64] = (0, ulong.MaxValue),
    };

    public static TheoryData<ElementType> IntegerTypes => [.. Integers.Keys];

    [Theory]
    [MemberData(nameof(IntegerTypes))]
    public void FromFloat32_Integers_RoundHalfToEvenAndSaturate(ElementType type) => Floats.Array[0, 70].Sample(
        values =>
        {
            byte[] bytes = new byte[values.Length * type.Size()];
            ElementConverter.FromFloat32(values, type, bytes);
            for (int index = 0; index < values.Length; index++)
            {
                Assert.Equal(Rounded(values[index], type), Element(bytes, index, type));
            }
        },
        iter: 500,
        seed: Seed);

    [Theory]
    [MemberData(nameof(IntegerTypes))]
    public void ToFloat32_Integers_AreTheNearestFloat(ElementType type) => Bits.Array[0, 40].Sample(
        bits =>
        {
            byte[] bytes = [.. bits.SelectMany(value => BitConverter.GetBytes(value)[..type.Size()])];
            float[] values = new float[bits.Length];
            ElementConverter.ToFloat32(type, bytes, values);
            for (int index = 0; index < values.Length; index++)
            {
                AssertNearest(Element(bytes, index, type), values[index]);
            }
        },
        iter: 500,
        seed: Seed);

    [Fact]
    public void ToFloat32_UInt64JustAboveATie_RoundsOnce()
    {
        // Rounded to double first, this would be a tie and go down to even.
        ulong[] values = [(1UL << 63) + (1UL << 39) + 1, (1UL << 63) + (1UL << 39), (1UL << 63) + (3UL << 39), ulong.MaxValue];
        float[] floats = new float[4];
        ElementConverter.ToFloat32(ElementType.UInt64, MemoryMarshal.AsBytes<ulong>(values), floats);
        Assert.Equal(
            [MathF.BitIncrement(9.223372036854775808e18f), 9.223372036854775808e18f, MathF.BitIncrement(MathF.BitIncrement(9.223372036854775808e18f)), 1.8446744073709551616e19f],
            floats);
    }

    [Fact]
    public void Float32_BothWays_KeepsEveryBit()
    {
        uint[] bits = [0x7FC00001, 0xFF800001, 0x80000000, 1, 0x3F800000];
        byte[] bytes = MemoryMarshal.AsBytes<uint>(bits).ToArray();
        float[] floats = new float[bits.Length];
        ElementConverter.ToFloat32(ElementType.Float32, bytes, floats);
        byte[] back = new byte[bytes.Length];
        ElementConverter.FromFloat32(floats, ElementType.Float32, back);
        Assert.Equal(bytes, back);
    }

    [Theory]
    [InlineData(1f, 0x3C00)]
    [InlineData(65504f, 0x7BFF)]
    [InlineData(65519.996f, 0x7BFF)]
    [InlineData(65520f, 0x7C00)]
    [InlineData(1.00048828125f, 0x3C00)]
    [InlineData(1.0014648f, 0x3C02)]
    [InlineData(5.9604645e-8f, 0x0001)]
    [InlineData(-0f, 0x8000)]
    public void FromFloat32_Float16_RoundsToEven(float value, int bits)
    {
        byte[] bytes = new byte[2];
        ElementConverter.FromFloat32([value], ElementType.Float16, bytes);
        Assert.Equal(bits, MemoryMarshal.Read<ushort>(bytes));
    }

    [Fact]
    public void Float64AndFloat16_ToFloat32_AreTheNearestFloat()
    {
        float[] floats = new float[3];
        double[] doubles = [1 + (1.0 / (1 << 24)), 1 + (3.0 / (1 << 24)), 1e300];
        ElementConverter.ToFloat32(ElementType.Float64, MemoryMarshal.AsBytes<double>(doubles), floats);
        Assert.Equal([1f, 1 + (2f / (1 << 23)), float.PositiveInfinity], floats);
        ElementConverter.ToFloat32(ElementType.Float16, MemoryMarshal.AsBytes<ushort>([0x3C01, 0x0001, 0xFC00]), floats);
        Assert.Equal([1 + (1f / 1024), 5.9604645e-8f, float.NegativeInfinity], floats);
    }

    [Fact]
    public void Bool_BothWays_IsNotZero()
    {
        float[] floats = new float[3];
        ElementConverter.ToFloat32(ElementType.Bool, [0, 1, 7], floats);
        Assert.Equal([0f, 1f, 1f], floats);
        byte[] bytes = new byte[4];
        ElementConverter.FromFloat32([0f, -0f, 0.1f, float.NaN], ElementType.Bool, bytes);
        Assert.Equal([0, 0, 1, 1], bytes);
    }

    [Fact]
    public void AnyConversion_LengthsDoNotFit_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ElementConverter.ToFloat32(ElementType.UInt16, new byte[3], new float[1]));
        Assert.Throws<ArgumentException>(() => ElementConverter.FromFloat32(new float[2], ElementType.UInt16, new byte[2]));
    }

    private static BigInteger Element(byte[] bytes, int index, ElementType type) => new(
        bytes.AsSpan(index * type.Size(), type.Size()), isUnsigned: Integers[type].Min.IsZero, isBigEndian: false);

    /// <summary>By exact arithmetic: floor, then the fraction against one half.</summary>
    private static BigInteger Rounded(float value, ElementType type)
    {
        (BigInteger min, BigInteger max) = Integers[type];
        if (float.IsNaN(value))
            return 0;
        if (float.IsInfinity(value))
            return value > 0 ? max : min;
        double floor = Math.Floor((double)value);
        double fraction = value - floor;
        BigInteger result = new(floor);
        if (fraction > 0.5 || (fraction == 0.5 && !result.IsEven))
            result++;
        return BigInteger.Max(min, BigInteger.Min(max, result));
    }

    /// <summary>No neighbour is closer, and of two equally close ones the even was taken.</summary>
    private static void AssertNearest(BigInteger exact, float value)
    {
        BigInteger error = BigInteger.Abs(exact - new BigInteger(value));
        foreach (float neighbour in new[] { MathF.BitIncrement(value), MathF.BitDecrement(value) })
        {
            if (neighbour != MathF.Truncate(neighbour))
                continue;
            BigInteger other = BigInteger.Abs(exact - new BigInteger(neighbour));
            Assert.True(
                error < other || (error == other && (BitConverter.SingleToUInt32Bits(value) & 1) == 0),
                $"{exact} became {value:R}, and {neighbour:R} is nearer.");
        }
    }
}
