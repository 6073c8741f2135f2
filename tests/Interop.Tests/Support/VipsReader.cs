using System.Buffers.Binary;

namespace Upweave.Interop.Tests.Support;

/// <summary>A picture as libvips decodes it: its own format is a header of 64 bytes and the pixels (libvips, vips.h and header.c).</summary>
/// <param name="Height">Rows of all pages, one under the other.</param>
/// <param name="Type">numpy's code.</param>
/// <param name="Elements">Rows of pixels, bands side by side, little-endian.</param>
public sealed record VipsReader(int Width, int Height, int Bands, string Type, byte[] Elements)
{
    private const int HeaderBytes = 64;
    private const uint LittleEndianMagic = 0xB6A6F208;

    /// <summary>By VipsBandFormat.</summary>
    private static readonly string[] Types = ["|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<f4", "complex", "<f8"];

    /// <summary>Reads all pages of a picture.</summary>
    /// <exception cref="ReaderFailure">It cannot be read, or not without a warning.</exception>
    public static async Task<VipsReader> ReadAsync(TestFolder folder, string picture)
    {
        string copy = picture + ".v";
        await ReaderProcess.RunAsync(folder.Root, "vips", ["copy", picture + "[n=-1]", copy]);
        byte[] file = File.ReadAllBytes(folder.At(copy));
        Assert.Equal(LittleEndianMagic, BinaryPrimitives.ReadUInt32BigEndian(file));
        int Number(int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
        (int width, int height, int bands, string type) = (Number(4), Number(8), Number(12), Types[Number(20)]);
        int bytes = checked(width * height * bands * Axes.ElementBytes(type));
        return new VipsReader(width, height, bands, type, file[HeaderBytes..(HeaderBytes + bytes)]);
    }

    /// <param name="expected">The array as <c>nzyxc</c>.</param>
    public void AssertIs(NpyArray expected, string name)
    {
        Assert.Equal((name, expected.Descr), (name, Type));
        long[] shape = expected.Shape;
        Assert.Equal((name, shape[0] * shape[1] * shape[2], shape[3], shape[4]), (name, Height, Width, Bands));
        int same = expected.Bytes.AsSpan().CommonPrefixLength(Elements);
        Assert.True(same == expected.Bytes.Length, $"{name}: byte {same} of what vips decodes differs from what was written.");
    }
}
