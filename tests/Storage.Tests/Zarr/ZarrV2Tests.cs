using System.Text;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Zarr;

/// <summary>Zarr version 2, as zarr-python wrote and read it, and as its metadata can be wrong.</summary>
public sealed class ZarrV2Tests : IDisposable
{
    private const string Metadata = """
        {"zarr_format": 2, "shape": [5, 7], "chunks": [2, 3], "dtype": "<i2", "compressor": null, "fill_value": 0, "filters": null,
         "order": "C"}
        """;

    private readonly TestFolder folder = new();

    public static TheoryData<string> Pictures => [.. Named("blosc_*")];

    public static TheoryData<string> Steps => [.. Named("steps_*")];

    public static TheoryData<string> Types => [.. Named("type_*.zarr")];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Read_EveryBlosc_IsThePicture(string name)
    {
        Assert.Equal(15, Pictures.Count);
        await EqualAsync(name, "picture.npy");
    }

    /// <summary>The same frames in zarr v3, with a checksum behind them.</summary>
    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Read_BloscInVersion3_IsThePicture(string name)
    {
        folder.Write("x/zarr.json", """
            {"zarr_format": 3, "node_type": "array", "shape": [30, 50], "data_type": "uint16",
             "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [32, 33]}}, "chunk_key_encoding": {"name": "default"},
             "fill_value": 0, "codecs": [{"name": "bytes", "configuration": {"endian": "little"}},
             {"name": "blosc", "configuration": {"typesize": 2, "cname": "lz4", "clevel": 5, "shuffle": "shuffle", "blocksize": 0}}, "crc32c"]}
            """u8);
        foreach (string key in (string[])["0.0", "0.1"])
        {
            byte[] frame = await File.ReadAllBytesAsync(TestFolder.Data($"zarr/{name}/{key}"), TestContext.Current.CancellationToken);
            folder.Write($"x/c/{key.Replace('.', '/')}", ZarrFolderShards.WithChecksum(frame));
        }

        Assert.Equal(await Sample.ReadAllAsync(TestFolder.Data("zarr/picture.npy")), await Sample.ReadAllAsync(folder.At("x")));
    }

    /// <summary>Type 1 was compressed with zlib by zarr-python.</summary>
    [Theory]
    [InlineData("zlib")]
    [InlineData("numcodecs.zlib")]
    public async Task Read_ZlibInVersion3_IsTheArray(string codec)
    {
        const string name = "zarr/type_01_int8_little";
        folder.Write("x/zarr.json", Encoding.UTF8.GetBytes($$$"""
            {"zarr_format": 3, "node_type": "array", "shape": [5, 7, 3], "data_type": "int8",
             "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2, 4, 3]}},
             "chunk_key_encoding": {"name": "v2", "configuration": {"separator": "/"}}, "fill_value": 0,
             "codecs": ["bytes", {"name": "{{{codec}}}", "configuration": {"level": 5}}]}
            """));
        foreach (string file in Directory.EnumerateFiles(TestFolder.Data(name + ".zarr"), "?", SearchOption.AllDirectories))
        {
            byte[] chunk = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            folder.Write(Path.Combine("x", Path.GetRelativePath(TestFolder.Data(name + ".zarr"), file)), chunk);
        }

        Assert.Equal(await Sample.ReadAllAsync(TestFolder.Data(name + ".npy")), await Sample.ReadAllAsync(folder.At("x")));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Read_BloscOfSeveralBlocks_IsTheFormula(string name)
    {
        Assert.Equal(15, Steps.Count);
        byte[] expected = [.. Enumerable.Range(0, 300 * 400).SelectMany(index => BitConverter.GetBytes((uint)(index / 1234 * 1234567)))];
        Assert.Equal(expected, await Sample.ReadAllAsync(TestFolder.Data($"zarr/{name}")));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Read_EveryType_IsWhatZarrPythonReads(string name)
    {
        Assert.Equal(21, Types.Count);
        await EqualAsync(name, Path.ChangeExtension(name, ".npy"));
    }

    [Theory]
    [InlineData("\"<i2\"", "0", "0000")]
    [InlineData("\"<i2\"", "null", "0000")]
    [InlineData("\">i2\"", "258", "0201")]
    [InlineData("\">i2\"", "\"AQI=\"", "0201")]
    [InlineData("\"<i2\"", "\"AQI=\"", "0102")]
    [InlineData("\"|b1\"", "true", "01")]
    [InlineData("\"|b1\"", "0", "00")]
    [InlineData("\"<f4\"", "\"-Infinity\"", "000080FF")]
    [InlineData("\">f2\"", "\"NaN\"", "007E")]
    [InlineData("\"<f8\"", "\"AAAAAAAA+H8=\"", "000000000000F87F")]
    public async Task Read_NothingStored_IsTheFillValue(string type, string fill, string element)
    {
        Write(Metadata.Replace("\"<i2\"", type, StringComparison.Ordinal)
            .Replace("\"fill_value\": 0", $"\"fill_value\": {fill}", StringComparison.Ordinal));
        byte[] expected = [.. Enumerable.Repeat(Convert.FromHexString(element), 35).SelectMany(bytes => bytes)];
        Assert.Equal(expected, await Sample.ReadAllAsync(folder.At("x")));
    }

    [Fact]
    public async Task Read_ArrayWithoutAxes_IsItsElement()
    {
        const string third = """
            {"zarr_format": 3, "node_type": "array", "shape": [], "data_type": "int16", "chunk_grid": {"name": "regular",
             "configuration": {"chunk_shape": []}}, "chunk_key_encoding": {"name": "default"}, "fill_value": 0,
             "codecs": [{"name": "bytes", "configuration": {"endian": "big"}}]}
            """;
        Write(Metadata.Replace("[5, 7]", "[]", StringComparison.Ordinal).Replace("[2, 3]", "[]", StringComparison.Ordinal));
        folder.Write("x/0", [1, 2]);
        folder.Write("y/zarr.json", Encoding.UTF8.GetBytes(third));
        folder.Write("y/c", [2, 1]);
        Assert.Equal([1, 2], await Sample.ReadAllAsync(folder.At("x")));
        Assert.Equal([1, 2], await Sample.ReadAllAsync(folder.At("y")));
    }

    [Fact]
    public async Task Open_NamesOfXarray_AreTheAxes()
    {
        Write(Metadata);
        folder.Write("x/.zattrs", """{"_ARRAY_DIMENSIONS": ["y", "x"]}"""u8);
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x"));
        Assert.Equal(("zarr v2", "yx"), (reader.Info.Format, reader.Info.Axes));
        folder.Write("x/.zattrs", """{"_ARRAY_DIMENSIONS": ["y", "z"]}"""u8);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Sample.OpenAsync(folder.At("x"), reader.Identity));
    }

    [Theory]
    [InlineData("\"zarr_format\": 2", "\"zarr_format\": 3", "version 2")]
    [InlineData("\"<i2\"", "\"<M8[ns]\"", "<M8[ns]")]
    [InlineData("\"<i2\"", "\"|i2\"", "|i2")]
    [InlineData("\"<i2\"", "[[\"r\", \"|u1\"]]", "several fields")]
    [InlineData("[5, 7]", "[5, 0]", "shape")]
    [InlineData("[5, 7]", "[5]", "rank")]
    [InlineData("[2, 3]", "[40000, 40000]", "at most")]
    [InlineData("[2, 3]", "[4294967296, 4294967296]", "64 bits")]
    [InlineData("\"compressor\": null", "\"compressor\": {\"id\": \"lzma\"}", "lzma")]
    [InlineData("\"compressor\": null", "\"compressor\": {}", "without an id")]
    [InlineData("\"compressor\": null", "\"compressor\": {\"id\": \"blosc\", \"cname\": \"snappy\"}", "snappy")]
    [InlineData("\"filters\": null", "\"filters\": [{\"id\": \"delta\"}]", "delta")]
    [InlineData("\"filters\": null", "\"filters\": 3", "filters")]
    [InlineData("\"order\": \"C\"", "\"order\": \"K\"", "order")]
    [InlineData("\"order\": \"C\"", "\"order\": \"C\", \"dimension_separator\": \"-\"", "dimension_separator")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": 40000", "fill_value")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": \"AQIDBA==\"", "fill_value")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": \"?\"", "fill_value")]
    [InlineData("{", "", "JSON")]
    public async Task Open_MetadataNotSupportedOrWrong_SaysWhy(string from, string to, string expected)
    {
        int place = Metadata.IndexOf(from, StringComparison.Ordinal);
        Write(Metadata[..place] + to + Metadata[(place + from.Length)..]);
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At("x")));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("/x", error.Message, StringComparison.Ordinal);
    }

    internal static string[] Named(string pattern) =>
        [.. Directory.EnumerateDirectories(TestFolder.Data("zarr"), pattern).Select(path => Path.GetFileName(path)).Order()];

    private static async Task EqualAsync(string name, string expected)
    {
        await using IArrayReader zarr = await Sample.OpenAsync(TestFolder.Data($"zarr/{name}"));
        await using IArrayReader npy = await Sample.OpenAsync(TestFolder.Data($"zarr/{expected}"));
        Assert.Equal((npy.Info.Shape, npy.Info.Type), (zarr.Info.Shape, zarr.Info.Type));
        Box whole = Box.Whole(npy.Info.Shape);
        Assert.Equal(await Sample.ReadAsync(npy, whole), await Sample.ReadAsync(zarr, whole));
    }

    private void Write(string metadata) => folder.Write("x/.zarray", Encoding.UTF8.GetBytes(metadata));
}
