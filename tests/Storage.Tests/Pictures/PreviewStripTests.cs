using System.Collections.Concurrent;
using Upweave.Storage.Arrays;
using Upweave.Storage.Pictures;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Pictures;

/// <summary>Strips of planes, by the bytes of their PNG and by what is read for them.</summary>
public sealed class PreviewStripTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<long[], long[]?> Chunks => new()
    {
        { [9, 14, 22], null },
        { [9, 14, 22], [1, 1, 1] },
        { [9, 14, 22], [4, 5, 7] },
        { [9, 14, 22], [9, 14, 22] },
    };

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task Png_PlanesOfAnArea_ShowTheMiddlesOfEqualParts(long[] shape, long[]? chunk)
    {
        Watched array = new(Dims.Create(shape), chunk is null ? null : Dims.Create(chunk));
        Box area = new([1, 2, 3], [8, 12, 18]);
        PreviewStrip strip = new(array, "zyx", area, new PreviewSize(Planes: 2, Height: 4, Width: 6));
        (int width, int height, _, int colour, byte[] rows) = PngBytes.Read(await strip.PngAsync(Cancelled));
        Assert.Equal((6, 8, 0), (width, height, colour));
        for (int pixel = 0; pixel < rows.Length; pixel++)
        {
            (long z, long y, long x) = (1 + 2 + (pixel / 24 * 4), 2 + 1 + (pixel / 6 % 4 * 3), 3 + 1 + (pixel % 6 * 3));
            Assert.Equal(Watched.At(z, y, x), rows[pixel]);
        }

        // What a box touches of the stored units is of one only, and no unit is touched twice.
        if (chunk is null)
        {
            Assert.Equal(2, array.Read.Count); // a plane at a time
        }
        else
        {
            TileGrid units = new(Dims.Create(shape), Dims.Create(chunk));
            long[] touched = [.. array.Read.Select(box => Assert.Single(units.Covering(box)))];
            Assert.Equal(touched.Length, touched.Distinct().Count());
            Assert.Equal(touched.Length * units.Tile.Volume, strip.Cost);
        }
    }

    [Fact]
    public async Task Png_ThreeChannels_AreItsColours()
    {
        MemoryArray array = Picture.Noise([3, 5, 7], ElementType.UInt8, [1, 8, 8], seed: 5);
        PreviewStrip strip = new(array, "cyx", Box.Whole([3, 5, 7]), new PreviewSize(1, 5, 7));
        (int width, int height, _, int colour, byte[] rows) = PngBytes.Read(await strip.PngAsync(Cancelled));
        Assert.Equal((7, 5, 2), (width, height, colour));
        Assert.Equal(Enumerable.Range(0, 105).Select(at => array.Content[(at % 3 * 35) + (at / 3)]), rows);
    }

    [Fact]
    public void Cost_UnitsTooLargeToHold_IsNone()
    {
        Watched array = new([1, 8192, 8192], [1, 8192, 8192]);
        Assert.Null(new PreviewStrip(array, "zyx", Box.Whole([1, 8192, 8192]), new PreviewSize(1, 8, 8)).Cost);
    }

    /// <summary>Knows what it holds without holding it, and what was read.</summary>
    private sealed class Watched(Dims shape, Dims? chunk) : IArrayReader
    {
        public ConcurrentBag<Box> Read { get; } = [];

        public ArrayInfo Info { get; } = new() { Format = "test", Shape = shape, Type = ElementType.UInt8, Axes = "zyx", Chunk = chunk };

        public string Identity => "";

        public static byte At(long z, long y, long x) => (byte)((z * 100) + (y * 17) + x);

        public ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
        {
            Read.Add(box);
            Assert.Equal(box.Volume, destination.Length);
            TileGrid elements = new(box.Shape, [1, 1, 1]);
            for (int at = 0; at < destination.Length; at++)
            {
                Dims element = elements[at].Origin;
                destination.Span[at] = At(box.Origin[0] + element[0], box.Origin[1] + element[1], box.Origin[2] + element[2]);
            }

            return ValueTask.CompletedTask;
        }

        public long ReadOverheadBytes(Dims boxShape) => 0;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
