using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Upweave.Tests.CommandLine;

/// <summary>An array of a test.</summary>
/// <param name="Descr">numpy's type code, e.g. <c>&lt;f4</c>.</param>
/// <param name="Bytes">Elements in the order of <paramref name="IsFortran"/>.</param>
public sealed record NpyArray(string Descr, long[] Shape, byte[] Bytes, bool IsFortran = false)
{
    public float[] Floats => MemoryMarshal.Cast<byte, float>(Bytes).ToArray();

    /// <summary>SHA-256 of the bytes as they are; for C order and little-endian the hash of the elements.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    public static NpyArray Float32(long[] shape, float[] values) => new("<f4", shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static NpyArray UInt8(long[] shape, byte[] values) => new("|u1", shape, values);

    /// <summary>Random numbers in (-1, 1).</summary>
    public static NpyArray Random(ulong seed, params long[] shape) =>
        Float32(shape, new TestRandom(seed).Numbers(shape.Aggregate(1L, (product, extent) => product * extent)));

    /// <summary>Random bytes: flat patches and noise, and the extremes often.</summary>
    public static NpyArray RandomBytes(ulong seed, params long[] shape)
    {
        TestRandom random = new(seed);
        byte[] bytes = new byte[shape.Aggregate(1L, (product, extent) => product * extent)];
        for (int index = 0; index < bytes.Length; index++)
            bytes[index] = random.Between(0, 3) switch { 0 => 0, 1 => 255, _ => (byte)random.Between(0, 255) };
        return UInt8(shape, bytes);
    }
}
