using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Npy;

public sealed class NpyReaderTests : IDisposable
{
    private readonly TestFolder folder = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Read_RandomArraysOrdersAndBoxes_EqualsPlainLoops(int seed)
    {
        Random random = new(seed);
        Sample sample = Sample.Random(random, rankMax: 5);
        bool fortran = random.Next(2) == 0;
        bool bigEndian = random.Next(2) == 0;
        folder.Write("x.npy", NpyFile.Make(sample, fortran, bigEndian, random.Next(1, 4)));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.npy"));
        Assert.Equal((sample.Shape, sample.Type, fortran), (reader.Info.Shape, reader.Info.Type, reader.Info.FortranOrder));
        for (int time = 0; time < 10; time++)
        {
            Box box = sample.RandomBox(random);
            Assert.Equal(sample.Cut(box), await Sample.ReadAsync(reader, box));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_RowsNearAndFar_EqualPlainLoops(bool fortran)
    {
        // Rows of 120 KB: too far apart to be read together; planes of 2.4 MB: larger than the scratch memory.
        Random random = new(7);
        Sample sample = Sample.Random(random, [3, 20, 30_000], ElementType.UInt32);
        folder.Write("x.npy", NpyFile.Make(sample, fortran));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.npy"));
        Box[] boxes =
        [
            new([0, 0, 100], [3, 20, 50]), new([1, 3, 0], [2, 7, 30_000]), new([0, 5, 2_000], [3, 15, 25_000]), new([2, 19, 29_999], [1, 1, 1]),
        ];
        foreach (Box box in boxes)
        {
            Assert.Equal(sample.Cut(box), await Sample.ReadAsync(reader, box));
        }
    }

    [Fact]
    public async Task Read_Scalar_IsAnArrayOfNoAxes()
    {
        folder.Write("x.npy", NpyFile.Make("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", [1, 2, 3, 4]));
        Assert.Equal([1, 2, 3, 4], await Sample.ReadAllAsync(folder.At("x.npy")));
    }

    [Fact]
    public async Task Read_BeyondFourGigabytes_FindsItsElements()
    {
        byte[] start = NpyFile.Make("{'descr': '<u2', 'fortran_order': False, 'shape': (2, 50000, 60000)}", []);
        folder.Write("x.npy", start);
        await using (FileStream file = File.OpenWrite(folder.At("x.npy")))
        {
            // A sparse file: only the last two elements of the rows 49998 and 49999 take space.
            file.SetLength(start.Length + 12_000_000_000);
            file.Position = start.Length + 12_000_000_000 - 120_004;
            file.Write([1, 2, 3, 4]);
            file.Position = start.Length + 12_000_000_000 - 4;
            file.Write([5, 6, 7, 8]);
        }

        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.npy"));
        byte[] elements = await Sample.ReadAsync(reader, new Box([1, 49_998, 59_997], [1, 2, 3]));
        Assert.Equal([0, 0, 1, 2, 3, 4, 0, 0, 5, 6, 7, 8], elements);
    }

    [Fact]
    public async Task Read_NarrowBox_TakesFewReads()
    {
        Sample sample = Sample.Random(new Random(1), [200, 300], ElementType.UInt8);
        folder.Write("x.npy", NpyFile.Make(sample));
        CountingStore store = new(folder.Store);
        await using IArrayReader reader = await ArrayReaders.OpenAsync(
            store, "x.npy", null, TestContext.Current.CancellationToken);
        store.Reads = 0;
        Assert.Equal(sample.Cut(new Box([10, 20], [150, 3])), await Sample.ReadAsync(reader, new Box([10, 20], [150, 3])));
        Assert.Equal(1, store.Reads);
        await Sample.ReadAsync(reader, new Box([10, 0], [50, 300]));
        Assert.Equal(2, store.Reads);
    }

    [Fact]
    public async Task Open_FileRewritten_IsObjectChanged()
    {
        Sample sample = Sample.Random(new Random(1), [4, 4], ElementType.Float32);
        folder.Write("x.npy", NpyFile.Make(sample));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.npy"));
        await using IArrayReader again = await Sample.OpenAsync(folder.At("x.npy"), reader.Identity);
        Assert.Equal(sample.Bytes, await Sample.ReadAsync(again, Box.Whole([4, 4])));
        await folder.Store.WriteAsync("x.npy", NpyFile.Make(sample), WriteCondition.Always, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Sample.OpenAsync(folder.At("x.npy"), reader.Identity));
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Sample.ReadAsync(reader, Box.Whole([4, 4])));
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", "object")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (2,)}", "complex")]
    [InlineData("{'descr': '<U4', 'fortran_order': False, 'shape': (2,)}", "string")]
    [InlineData("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,)}", "date")]
    [InlineData("{'descr': '<f16', 'fortran_order': False, 'shape': (2,)}", "'<f16'")]
    [InlineData("{'descr': '<', 'fortran_order': False, 'shape': (2,)}", "'<'")]
    [InlineData("{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,)}", "structured")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0)}", "no elements")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, -1)}", "'-1'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, None)}", "'None'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "64 bits")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "64 bits")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "needs 140 bytes and it has 136")]
    [InlineData("{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}", "a bool")]
    [InlineData("{'descr': '<f4', 'shape': (2,)}", "dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x", "malformed")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,", "malformed")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[", "nested")]
    [InlineData("", "malformed")]
    public async Task Open_HeaderNotSupportedOrWrong_SaysWhy(string header, string expected)
    {
        folder.Write("x.npy", NpyFile.Make(header, new byte[8]));
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await Sample.OpenAsync(folder.At("x.npy")));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("x.npy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_PythonTwoHeader_IsRead()
    {
        folder.Write("x.npy", NpyFile.Make("{\"descr\":'<u2','fortran_order':False,'shape':(2L,)}", [1, 2, 3, 4]));
        Assert.Equal([1, 2, 3, 4], await Sample.ReadAllAsync(folder.At("x.npy")));
    }

    [Fact]
    public async Task Open_CutAtEveryLength_SaysSo()
    {
        byte[] whole = NpyFile.Make(Sample.Random(new Random(1), [3, 5], ElementType.Int16));
        for (int length = 0; length < whole.Length; length++)
        {
            folder.Write("x.npy", whole.AsSpan(0, length));
            await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At("x.npy")));
        }
    }

    [Fact]
    public async Task Open_EachHeaderByteChanged_IsAnErrorWithAMessageOrAnArray()
    {
        Sample sample = Sample.Random(new Random(1), [3, 5], ElementType.Int16);
        byte[] whole = NpyFile.Make(sample);
        Random random = new(11);
        for (int place = 0; place < whole.Length - sample.Bytes.Length; place++)
        {
            byte[] damaged = [.. whole];
            damaged[place] = (byte)random.Next(256);
            folder.Write("x.npy", damaged);
            try
            {
                byte[] elements = await Sample.ReadAllAsync(folder.At("x.npy"));
                Assert.InRange(elements.Length, 1, sample.Bytes.Length);
            }
            catch (InvalidArrayException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }
}
