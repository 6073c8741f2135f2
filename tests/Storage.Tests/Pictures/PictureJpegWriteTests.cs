using System.Buffers.Binary;
using Upweave.Storage.Pictures;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Pictures;

public sealed class PictureJpegWriteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Run_Jpeg_HasTheShapeAndNearlyTheElements(int channels)
    {
        const int height = 45, width = 70;
        byte[] smooth = [.. Enumerable.Range(0, channels * height * width).Select(at =>
            (byte)(128 + (60 * Math.Sin(at % width / 9.0)) + (50 * Math.Cos(((at / width % height) + (at / (width * height))) / 7.0))))];
        MemoryStore store = new();
        await Picture.WriteAsync(new MemoryArray([channels, height, width], ElementType.UInt8, [channels, 16, 16], smooth), store, "a.jpg");
        Assert.Equal((channels, height, width), FrameOf(store["a.jpg"]));
        byte[] decoded = (await Picture.ReadAsync(store, "a.jpg")).Array.Content;
        Assert.InRange(smooth.Zip(decoded).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 6);
    }

    [Theory]
    [InlineData(new long[] { 2, 5, 5 }, ElementType.UInt8, "1 or 3 channels")]
    [InlineData(new long[] { 4, 5, 5 }, ElementType.UInt8, "1 or 3 channels")]
    [InlineData(new long[] { 3, 5, 5 }, ElementType.UInt16, "holds uint8")]
    [InlineData(new long[] { 5, 65536 }, ElementType.UInt8, "65535")]
    public void Check_WhatNoJpegHolds_IsSaid(long[] shape, ElementType type, string message) =>
        Assert.Contains(message, Assert.Single(PictureExport.Check("a.jpeg", Dims.Create(shape), type)), StringComparison.Ordinal);

    /// <summary>The baseline frame's header (ITU-T T.81, B.2.2).</summary>
    private static (int Channels, int Height, int Width) FrameOf(ReadOnlySpan<byte> jpeg)
    {
        Assert.Equal(0xFFD8, BinaryPrimitives.ReadUInt16BigEndian(jpeg));
        for (int at = 2; ; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]))
        {
            if (jpeg[at + 1] == 0xC0)
            {
                ReadOnlySpan<byte> frame = jpeg[(at + 4)..];
                return (frame[5], BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]));
            }
        }
    }
}
