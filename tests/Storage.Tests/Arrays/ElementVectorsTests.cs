using System.Runtime.InteropServices;
using Upweave.Storage.Arrays;
using Upweave.Storage.Elements;

namespace Upweave.Storage.Tests.Arrays;

/// <summary>Vectors of every width, emulated where the processor has none, against the conversions element by element.</summary>
public sealed class ElementVectorsTests
{
    private const int LengthMax = 130;
    private const byte Untouched = 0xA5;
    private const int Margin = 64;

    private static readonly ElementType[] Types =
    [
        ElementType.UInt8, ElementType.Int8, ElementType.UInt16, ElementType.Int16, ElementType.Int32, ElementType.Float16, ElementType.Float64,
    ];

    /// <summary>Where saturation begins, for any of the types, and where float16 and whole numbers change their form.</summary>
    private static readonly double[] Boundaries =
    [
        0, 127, 128, 255, 256, 32767, 32768, 65504, 65519, 65520, 65535, 65536, 1 << 22, 1 << 23, 1 << 24, 12582912, 2147483647, 2147483648,
        4294967296, 6.103515625e-05, 6.097555160522461e-05, 5.9604644775390625e-08, 2.98023223876953125e-08, 1e-40, 3.4e38,
    ];

    public static MatrixTheoryData<ElementType, int> TypesAndBits => new(Types, [128, 256, 512]);

    public static TheoryData<ElementType> AllTypes => [.. Enum.GetValues<ElementType>()];

    [Theory]
    [MemberData(nameof(TypesAndBits))]
    public void Read_AnyLength_EqualsPlainLoops(ElementType type, int bits)
    {
        byte[] elements = Noise(LengthMax * type.Size());
        for (int length = 0; length <= LengthMax; length++)
        {
            CheckRead(type, elements.AsSpan(0, length * type.Size()), bits);
            CheckRead(type, elements.AsSpan((LengthMax - length) * type.Size()), bits);
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndBits))]
    public void Write_AnyLength_EqualsPlainLoops(ElementType type, int bits)
    {
        float[] values = [.. Values().Take(LengthMax / 2), .. MemoryMarshal.Cast<byte, float>(Noise(4 * LengthMax / 2))];
        for (int length = 0; length <= LengthMax; length++)
        {
            CheckWrite(type, values.AsSpan(0, length), bits);
            CheckWrite(type, values.AsSpan(LengthMax - length), bits);
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndBits))]
    public void Read_EveryPattern_EqualsPlainLoops(ElementType type, int bits)
    {
        // Of types of 8 and 16 bits all; of wider ones these bits at the top, and noise below.
        byte[] elements = Noise(0x10000 * type.Size());
        for (int pattern = 0; pattern < 0x10000; pattern++)
        {
            Span<byte> element = elements.AsSpan(pattern * type.Size(), type.Size());
            element[^1] = (byte)(type.Size() == 1 ? pattern : pattern >> 8);
            if (element.Length > 1)
                element[^2] = (byte)pattern;
        }

        CheckRead(type, elements, bits);
    }

    [Theory]
    [MemberData(nameof(TypesAndBits))]
    public void Write_EveryUpperHalf_EqualsPlainLoops(ElementType type, int bits)
    {
        // Every sign, exponent and the mantissa's first bits, with the lower bits at and beside the ties of rounding them away.
        foreach (uint low in new uint[] { 0, 1, 0x0FFF, 0x1000, 0x1001, 0x7FFF, 0x8000, 0x8001, 0xFFFF })
        {
            CheckWrite(type, [.. Enumerable.Range(0, 0x10000).Select(high => BitConverter.UInt32BitsToSingle(((uint)high << 16) | low))], bits);
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndBits))]
    public void Write_BoundariesAndTies_EqualsPlainLoops(ElementType type, int bits) => CheckWrite(type, [.. Values()], bits);

    /// <summary>What vectors give for NaN, said without the plain loops.</summary>
    [Theory]
    [MemberData(nameof(TypesAndBits))]
    public void Write_NaN_IsZeroOrNaN(ElementType type, int bits)
    {
        float[] values = new float[LengthMax];
        Array.Fill(values, BitConverter.UInt32BitsToSingle(0x7FC00000));
        byte[] bytes = new byte[LengthMax * type.Size()];
        Assert.True(ElementConverter.Write(values, type, bytes, bits));
        byte[] expected = type switch
        {
            ElementType.Float16 => [0x00, 0x7E],
            ElementType.Float64 => BitConverter.GetBytes(0x7FF8000000000000UL),
            _ => new byte[type.Size()],
        };
        Assert.Equal(Enumerable.Repeat(expected, LengthMax).SelectMany(element => element), bytes);
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void ToFloat32_BigEndian_EqualsTurnedFirst(ElementType type)
    {
        int size = type.Size();
        foreach (int length in Enumerable.Range(0, LengthMax).Append(5000))
        {
            byte[] little = Noise(length * size);
            byte[] big = [.. little.Chunk(size).SelectMany(element => element.Reverse())];
            float[] expected = new float[length], found = new float[length];
            ElementConverter.ToFloat32(type, little, expected);
            ElementConverter.ToFloat32(type, bigEndian: true, big, found);
            Assert.Equal(MemoryMarshal.AsBytes<float>(expected), MemoryMarshal.AsBytes<float>(found));
        }
    }

    private static void CheckRead(ElementType type, ReadOnlySpan<byte> elements, int bits)
    {
        int length = elements.Length / type.Size();
        float[] expected = new float[length];
        ElementScalars.Read(type, elements, expected);
        float[] found = new float[length + Margin];
        Array.Fill(found, -1);
        if (!ElementConverter.Read(type, elements, found.AsSpan(0, length), bits))
            Assert.True(length < 4, $"{length} elements are left to plain loops");
        else
            Assert.Equal(MemoryMarshal.AsBytes<float>(expected), MemoryMarshal.AsBytes(found.AsSpan(0, length)));
        Assert.All(found[length..], value => Assert.Equal(-1, value));
    }

    private static void CheckWrite(ElementType type, ReadOnlySpan<float> values, int bits)
    {
        int bytes = values.Length * type.Size();
        byte[] expected = new byte[bytes];
        ElementScalars.Write(values, type, expected);
        byte[] found = new byte[bytes + Margin];
        Array.Fill(found, Untouched);
        if (!ElementConverter.Write(values, type, found.AsSpan(0, bytes), bits))
            Assert.True(bytes < 16 || values.Length < 4, $"{bytes} bytes are left to plain loops");
        else
            Assert.Equal(expected, found.AsSpan(0, bytes));
        Assert.All(found[bytes..], value => Assert.Equal(Untouched, value));
    }

    /// <summary>Boundaries, ties, infinities and NaN, with their neighbours and both signs.</summary>
    private static IEnumerable<float> Values()
    {
        IEnumerable<double> ties = Enumerable.Range(0, 600).Select(half => half / 2.0);
        foreach (double value in Boundaries.Concat(Boundaries.Select(value => value + 0.5)).Concat(Boundaries.Select(value => value - 0.5)).Concat(ties))
        {
            foreach (float near in new[] { (float)value, MathF.BitIncrement((float)value), MathF.BitDecrement((float)value) })
            {
                yield return near;
                yield return -near;
            }
        }

        foreach (uint pattern in new uint[] { 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00000, 0x7F800001, 0x7FFFFFFF, 0xFF923456, 0x80000000, 1, 0x80000001 })
        {
            yield return BitConverter.UInt32BitsToSingle(pattern);
        }
    }

    private static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        new Random(20260102).NextBytes(bytes);
        return bytes;
    }
}
