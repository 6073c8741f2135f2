using System.Text;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Zarr;

public sealed class ZarrReaderTests : IDisposable
{
    private readonly TestFolder folder = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v3_none.zarr", "v3_none", null)]
    [InlineData("v3_gzip.zarr", "v3_gzip", null)]
    [InlineData("v3_sharded_u16.zarr", "v3_sharded_u16", "yx")]
    [InlineData("blobs_c3_v05.ome.zarr/0", "blobs_c3_v05.ome", "cyx")]
    [InlineData("blobs_c3_v05.ome.zarr", "blobs_c3_v05.ome", "cyx")]
    [InlineData("blobs_v04.ome.zarr/s0", "blobs_v04.ome", null)]
    [InlineData("blobs_v04.ome.zarr", "blobs_v04.ome", "yx")]
    public async Task Read_WrittenByOtherSoftware_EqualsNumpysDecoding(string path, string expected, string? axes)
    {
        await using IArrayReader zarr = await Sample.OpenAsync(TestFolder.Data(path));
        await using IArrayReader npy = await Sample.OpenAsync(TestFolder.Data(expected + ".zarr.npy"));
        Assert.Equal((npy.Info.Shape, npy.Info.Type), (zarr.Info.Shape, zarr.Info.Type));
        Assert.Equal(axes, zarr.Info.Axes);
        Box whole = Box.Whole(npy.Info.Shape);
        Assert.Equal(await Sample.ReadAsync(npy, whole), await Sample.ReadAsync(zarr, whole));
    }

    [Theory]
    [InlineData("v3_transpose_big", ElementType.Int32)]
    [InlineData("v3_blosc_lz4_bits", ElementType.Float64)]
    [InlineData("v3_blosc_zstd_bytes", ElementType.UInt16)]
    public async Task Read_WrittenByZarrita_IsTheFormula(string name, ElementType type)
    {
        byte[] expected = [.. Enumerable.Range(0, 20 * 17).Select(index => index * 7919 % 253).SelectMany(value => type switch
        {
            ElementType.Int32 => BitConverter.GetBytes(value * -1000),
            ElementType.Float64 => BitConverter.GetBytes(value == 0 ? -0.0 : value * -1000.0),
            _ => BitConverter.GetBytes((ushort)value),
        })];
        await using IArrayReader reader = await Sample.OpenAsync(TestFolder.Data($"zarr/{name}.zarr"));
        Assert.Equal(type, reader.Info.Type);
        Assert.Equal(expected, await Sample.ReadAsync(reader, Box.Whole([20, 17])));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Read_RandomArraysChunksAndBoxes_EqualsPlainLoops(int seed)
    {
        Random random = new(seed);
        Sample sample = Sample.Random(random, extentMax: 9);
        ZarrFolder zarr = new()
        {
            Sample = sample,
            Chunk = Dims.Build(sample.Shape.Count, _ => random.Next(1, 11)),
            Compression = new[] { "none", "zstd", "gzip" }[random.Next(3)],
            BigEndian = random.Next(2) == 0,
            Checksum = random.Next(2) == 0,
            Order = random.Next(2) == 0 ? null : RandomOrder(random, sample.Shape.Count),
            Fill = sample.Type == ElementType.Bool ? "false" : "0",
        };
        zarr.Write(folder, "x.zarr");
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.zarr"));
        Assert.Equal((sample.Shape, sample.Type, zarr.Chunk), (reader.Info.Shape, reader.Info.Type, reader.Info.Chunk));
        for (int time = 0; time < 10; time++)
        {
            Box box = sample.RandomBox(random);
            Assert.Equal(sample.Cut(box), await Sample.ReadAsync(reader, box));
        }
    }

    [Theory]
    [InlineData("""{"name": "default", "configuration": {"separator": "."}}""", '.')]
    [InlineData("""{"name": "v2"}""", '.')]
    [InlineData("""{"name": "v2", "configuration": {"separator": "/"}}""", '/')]
    [InlineData("\"default\"", '/')]
    public async Task Read_KeyEncodings_FindTheirChunks(string encoding, char separator)
    {
        Sample sample = Sample.Random(new Random(3), [5, 7], ElementType.Int16);
        new ZarrFolder { Sample = sample, Chunk = [2, 3], KeyEncoding = encoding, Separator = separator }.Write(folder, "x");
        Assert.Equal(sample.Bytes, await Sample.ReadAllAsync(folder.At("x")));
    }

    [Theory]
    [InlineData(ElementType.Float32, "\"NaN\"", "0000C07F")]
    [InlineData(ElementType.Float32, "\"-Infinity\"", "000080FF")]
    [InlineData(ElementType.Float64, "\"Infinity\"", "000000000000F07F")]
    [InlineData(ElementType.Float16, "\"0x7e01\"", "017E")]
    [InlineData(ElementType.Float32, "\"0x7fc00001\"", "0100C07F")]
    [InlineData(ElementType.Float32, "1.5", "0000C03F")]
    [InlineData(ElementType.UInt64, "18446744073709551615", "FFFFFFFFFFFFFFFF")]
    [InlineData(ElementType.Int8, "-2", "FE")]
    [InlineData(ElementType.Int8, "-128.0", "80")]
    [InlineData(ElementType.Int64, "-9223372036854775808", "0000000000000080")]
    [InlineData(ElementType.UInt16, "65535", "FFFF")]
    [InlineData(ElementType.Bool, "true", "01")]
    public async Task Read_MissingChunks_AreTheFillValue(ElementType type, string fill, string bytes)
    {
        Sample sample = Sample.Random(new Random(5), [6, 5], type);
        new ZarrFolder { Sample = sample, Chunk = [2, 5], Fill = fill, Compression = "zstd" }.Write(folder, "x", missing: [0, 2]);
        byte[] row = [.. Enumerable.Repeat(Convert.FromHexString(bytes), 10).SelectMany(element => element)];
        byte[] expected = [.. row, .. sample.Cut(new Box([2, 0], [2, 5])), .. row];
        Assert.Equal(expected, await Sample.ReadAllAsync(folder.At("x")));
    }

    [Theory]
    [InlineData("\"zarr_format\": 3", "\"zarr_format\": 2", "version 3")]
    [InlineData("\"array\"", "\"group\"", "multiscales")]
    [InlineData("\"int16\"", "\"complex64\"", "complex64")]
    [InlineData("\"int16\"", "\"r16\"", "r16")]
    [InlineData("\"regular\"", "\"rectangular\"", "rectangular")]
    [InlineData("\"default\"", "\"hilbert\"", "hilbert")]
    [InlineData("\"bytes\"", "\"sharding_indexed\"", "inner chunks")]
    [InlineData("{\"name\": \"bytes\"", "{\"name\": \"transpose\", \"configuration\": {\"order\": [1, 1]}}, {\"name\": \"bytes\"", "each of 2 axes once")]
    [InlineData("{\"name\": \"bytes\"", "\"gzip\", {\"name\": \"bytes\"", "'gzip' for elements")]
    [InlineData("\"bytes\"", "\"vlen-utf8\"", "vlen-utf8")]
    [InlineData("{\"name\": \"bytes\"", "{\"name\": \"blosc\"}, {\"name\": \"bytes\"", "blosc")]
    [InlineData("\"endian\": \"little\"", "\"endian\": \"middle\"", "endian")]
    [InlineData("[5,7]", "[5,0]", "shape")]
    [InlineData("[5,7]", "[5]", "rank")]
    [InlineData("[2,3]", "[4294967296,4294967296]", "64 bits")]
    [InlineData("[2,3]", "[40000,40000]", "at most")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": 40000", "fill_value")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": 0.5", "fill_value")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": -32769", "fill_value")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": 1e400", "fill_value")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": null", "fill_value")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": 0, \"storage_transformers\": [{}]", "storage_transformers")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": 0, \"surprise\": 1", "surprise")]
    [InlineData("\"fill_value\": 0", "\"fill_value\": 0, \"dimension_names\": [\"x\"]", "dimension_names")]
    [InlineData("{", "", "JSON")]
    public async Task Open_MetadataNotSupportedOrWrong_SaysWhy(string from, string to, string expected)
    {
        Sample sample = Sample.Random(new Random(3), [5, 7], ElementType.Int16);
        string json = new ZarrFolder { Sample = sample, Chunk = [2, 3] }.Json();
        int place = json.IndexOf(from, StringComparison.Ordinal);
        folder.Write("x/zarr.json", Encoding.UTF8.GetBytes(json[..place] + to + json[(place + from.Length)..]));
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await Sample.OpenAsync(folder.At("x")));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("/x", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OptionalExtensionAndAttributes_AreIgnored()
    {
        Sample sample = Sample.Random(new Random(3), [5, 7], ElementType.Int16);
        const string extra = """, "attributes": {"any": [1]}, "hint": {"must_understand": false}, "dimension_names": [null, "x"]""";
        new ZarrFolder { Sample = sample, Chunk = [2, 3], Extra = extra }.Write(folder, "x");
        Assert.Equal(sample.Bytes, await Sample.ReadAllAsync(folder.At("x")));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("zstd")]
    [InlineData("gzip")]
    public async Task Read_ChunkOfWrongSize_NamesTheObject(string compression)
    {
        Sample sample = Sample.Random(new Random(3), [4, 4], ElementType.Int16);
        ZarrFolder zarr = new() { Sample = sample, Chunk = [4, 4], Compression = compression };
        foreach (int size in new[] { 0, 1, 31, 33, 64, 1 << 20 })
        {
            zarr.Write(folder, "x");
            folder.Write("x/c/0/0", zarr.Compress(new byte[size]));
            CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(() => Sample.ReadAllAsync(folder.At("x")));
            Assert.Contains("x/c/0/0", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip")]
    public async Task Read_ChunkDamagedOrCut_IsAnErrorOrElementsOfTheRightSize(string compression)
    {
        Sample sample = Sample.Random(new Random(3), [8, 8], ElementType.Int16);
        ZarrFolder zarr = new() { Sample = sample, Chunk = [8, 8], Compression = compression };
        zarr.Write(folder, "x");
        byte[] whole = await File.ReadAllBytesAsync(folder.At("x/c/0/0"), Cancelled);
        Random random = new(13);
        int errors = 0;
        for (int time = 0; time < 400; time++)
        {
            byte[] damaged = time % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (damaged.Length == whole.Length)
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            folder.Write("x/c/0/0", damaged);
            try
            {
                await Sample.ReadAllAsync(folder.At("x"));
            }
            catch (CorruptDataException)
            {
                errors++;
            }
        }

        Assert.InRange(errors, 200, 400);
    }

    [Fact]
    public async Task Read_ChunkWrittenAfterPlanning_IsObjectChanged()
    {
        Sample sample = Sample.Random(new Random(3), [4, 4], ElementType.Int16);
        ZarrFolder zarr = new() { Sample = sample, Chunk = [2, 4] };
        zarr.Write(folder, "x");
        await using IArrayReader planned = await Sample.OpenAsync(folder.At("x"));
        await using IArrayReader worker = await Sample.OpenAsync(folder.At("x"), planned.Identity);
        Assert.Equal(planned.Identity, worker.Identity);
        File.SetLastWriteTimeUtc(folder.At("x/c/1/0"), DateTime.UtcNow.AddMinutes(1));
        Assert.Equal(16, (await Sample.ReadAsync(worker, new Box([0, 0], [2, 4]))).Length);
        await Assert.ThrowsAsync<ObjectChangedException>(() => Sample.ReadAsync(worker, Box.Whole([4, 4])));
    }

    [Fact]
    public async Task Open_MetadataChangedAfterPlanning_IsObjectChanged()
    {
        Sample sample = Sample.Random(new Random(3), [4, 4], ElementType.Int16);
        new ZarrFolder { Sample = sample, Chunk = [2, 4] }.Write(folder, "x");
        await using IArrayReader planned = await Sample.OpenAsync(folder.At("x"));
        new ZarrFolder { Sample = sample, Chunk = [2, 4], Extra = """, "attributes": {"changed": true}""" }.Write(folder, "x");
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Sample.OpenAsync(folder.At("x"), planned.Identity));
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Sample.OpenAsync(folder.At("x"), "nonsense"));
    }

    [Fact]
    public async Task Read_TouchedChunksOnly_EachOnceAlsoWhenManyAskAtOnce()
    {
        Sample sample = Sample.Random(new Random(3), [40, 40], ElementType.Int16);
        new ZarrFolder { Sample = sample, Chunk = [10, 10], Compression = "zstd" }.Write(folder, "x");
        CountingStore store = new(folder.Store);
        await using IArrayReader reader = await ArrayReaders.OpenAsync(store, "x", null, Cancelled);
        store.Reads = 0;
        Box box = new([5, 5], [10, 20]);
        byte[][] results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Sample.ReadAsync(reader, box))));
        Assert.All(results, result => Assert.Equal(sample.Cut(box), result));
        Assert.Equal(6, store.Reads);
    }

    [Fact]
    public async Task Read_AfterAFailure_TriesAgain()
    {
        Sample sample = Sample.Random(new Random(3), [4, 4], ElementType.Int16);
        ZarrFolder zarr = new() { Sample = sample, Chunk = [4, 4] };
        zarr.Write(folder, "x");
        byte[] good = await File.ReadAllBytesAsync(folder.At("x/c/0/0"), Cancelled);
        folder.Write("x/c/0/0", good.AsSpan(1));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x"));
        await Assert.ThrowsAsync<CorruptDataException>(() => Sample.ReadAsync(reader, Box.Whole([4, 4])));
        folder.Write("x/c/0/0", good);
        File.SetLastWriteTimeUtc(folder.At("x/c/0/0"), DateTime.UnixEpoch);
        Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, Box.Whole([4, 4])));
    }

    private static int[] RandomOrder(Random random, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }
}
