using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>The steps that tests of TIFF files share.</summary>
internal static class TiffSample
{
    public const string Plan = "0123456789abcdef0123456789abcdef";
    public const string OtherPlan = "00000000000000000000000000000002";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static OutputLayout Layout(Sample sample, string axes, Dims tile, Dims chunk, bool isOme = false, string owner = Plan) => new()
    {
        Format = isOme ? OutputFormat.OmeTiff : OutputFormat.Tiff,
        Path = "out",
        Owner = owner,
        Shape = sample.Shape,
        Type = sample.Type,
        Axes = axes,
        Compression = Compression.Deflate,
        Tile = tile,
        Chunk = chunk,
        Provenance = Provenance,
    };

    /// <summary>Found once in a file of one set of directories.</summary>
    public const string Provenance = """{"software":"a <test> & more","plan":"x"}""";

    public static async Task WriteAsync(IObjectStore store, Sample sample, OutputLayout layout, params IEnumerable<long> which)
    {
        IArrayWriter writer = ArrayWriters.Create(store, layout);
        TileGrid tiles = layout.Tiles();
        foreach (long tile in which)
        {
            using EncodedTile encoded = writer.Encode(tile, sample.Cut(tiles[tile]));
            Assert.True(encoded.ByteCount <= ArrayWriters.EncodedBytesMax(layout));
            await writer.WriteAsync(encoded, Cancelled);
        }
    }

    public static async Task<long[]> DoneAsync(IObjectStore store, OutputLayout layout)
    {
        TileSet done = new(layout.Tiles().Count);
        await ArrayWriters.Create(store, layout).FindDoneAsync(done, Cancelled);
        return [.. LongRange(done.Size).Where(done.Contains)];
    }

    public static Task<bool> CommitAsync(IObjectStore store, OutputLayout layout) =>
        ArrayWriters.Create(store, layout).CommitAsync(WriteCondition.IfAbsent, Cancelled).AsTask();

    public static async Task<byte[]> FileAsync(IObjectStore store)
    {
        ObjectInfo info = (await store.StatAsync("out", Cancelled))!;
        byte[] file = new byte[info.Length];
        await store.ReadAsync("out", 0, file, info.ETag, Cancelled);
        return file;
    }

    /// <summary>The file's pages hold the array, it has one set of directories, and nothing in it overlaps.</summary>
    public static async Task<PlainTiff> CheckAsync(IObjectStore store, Sample sample, OutputLayout layout)
    {
        byte[] bytes = await FileAsync(store);
        PlainTiff file = new(bytes);
        (long batch, long channels, long depth) = (Extent(layout, 'n'), Extent(layout, 'c'), Extent(layout, 'z'));
        bool isOme = layout.Format == OutputFormat.OmeTiff;
        Assert.Equal(batch * depth * (isOme ? channels : 1), file.Pages.Count);
        int plane = (int)(sample.Shape[^1] * sample.Shape[^2]) * sample.ElementBytes;
        for (int page = 0; page < file.Pages.Count; page++)
        {
            // In C order of n, c, z: the planes of an OME-TIFF as they are, and of another the channels of one n and z.
            int[] planes = isOme ? [page] : [.. Enumerable.Range(0, (int)channels)
                .Select(channel => (int)((((page / depth * channels) + channel) * depth) + (page % depth)))];
            byte[] expected = [.. planes.SelectMany(at => sample.Bytes.AsSpan(at * plane, plane).ToArray())];
            Assert.Equal(expected, file.Elements(page));
        }

        file.CheckPlaces();
        Assert.Equal(file.Pages.Count, Occurrences(bytes, "Upweave "u8) - (isOme ? 1 : 0));
        return file;
    }

    public static IEnumerable<long> LongRange(long count) => Enumerable.Range(0, (int)count).Select(index => (long)index);

    public static int Occurrences(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> text)
    {
        int count = 0;
        for (int at = bytes.IndexOf(text); at >= 0; at = bytes.IndexOf(text))
        {
            bytes = bytes[(at + 1)..];
            count++;
        }

        return count;
    }

    private static long Extent(OutputLayout layout, char axis) =>
        layout.Axes!.IndexOf(axis, StringComparison.Ordinal) is var at and >= 0 ? layout.Shape[at] : 1;
}
