using System.Text;
using Upweave.Storage.Arrays;
using Upweave.Storage.Zarr;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Zarr;

/// <summary>Good metadata and chunks with changes: an array, or an error that a person can read; never anything else.</summary>
public sealed class ZarrFuzzTests : IDisposable
{
    /// <summary>Put in the place of numbers and strings of metadata.</summary>
    private static readonly string[] Values =
    [
        "0", "-1", "1", "3", "32", "65536", "2147483647", "2147483648", "4294967295", "4611686018427387904", "9223372036854775807",
        "18446744073709551616", "1e400", "0.5", "null", "true", "[]", "{}", "[1]", "[[]]", "\"\"", "\"NaN\"", "\"0x7fc00000\"", "\"end\"", "\"gzip\"",
        "\"bytes\"", "\"float64\"", "\"bool\"", "\"../x\"", "\"/\"", "\"AAAAAA==\"", "\"\\u0000\"", "\"\\ud800\"",
    ];

    private readonly TestFolder folder = new();

    public static TheoryData<string> Frames =>
        [.. ZarrV2Tests.Named("blosc_*"), .. ZarrV2Tests.Named("steps_*_bits.zarr")];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v3_sharded_u16.zarr", "zarr.json", 1)]
    [InlineData("v3_gzip.zarr", "zarr.json", 2)]
    [InlineData("blobs_c3_v05.ome.zarr", "zarr.json", 3)]
    [InlineData("blobs_c3_v05.ome.zarr", "0/zarr.json", 4)]
    [InlineData("zarr/type_17_float32_little.zarr", ".zarray", 5)]
    [InlineData("zarr/type_10_uint32_big.zarr", ".zarray", 6)]
    [InlineData("blobs_v04.ome.zarr", ".zattrs", 7)]
    public async Task Read_MetadataChanged_IsAnArrayOrAnError(string name, string key, int seed)
    {
        Copy(TestFolder.Data(name), folder.At("x"));
        byte[] whole = await File.ReadAllBytesAsync(folder.At($"x/{key}"), Cancelled);
        Random random = new(seed);
        int errors = 0;
        for (int time = 0; time < 600; time++)
        {
            folder.Write($"x/{key}", time % 4 == 0 ? Damage(random, whole) : Replace(random, whole));
            errors += await FailsAsync("x") ? 1 : 0;
        }

        Assert.InRange(errors, 60, 599);
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task Read_FrameOfBloscChanged_IsAnArrayOrAnError(string name)
    {
        Copy(TestFolder.Data($"zarr/{name}"), folder.At("x"));
        byte[] whole = await File.ReadAllBytesAsync(folder.At("x/0.0"), Cancelled);
        Random random = new(17);
        int errors = 0;
        // Every byte of the header and of the first places, then all over.
        for (int place = 0; place < 24; place++)
        {
            foreach (byte value in (byte[])[0, 1, 3, 7, 16, 128, 255])
            {
                byte[] changed = [.. whole];
                changed[place] = value;
                folder.Write("x/0.0", changed);
                errors += await FailsAsync("x") ? 1 : 0;
            }
        }

        for (int time = 0; time < 60; time++)
        {
            folder.Write("x/0.0", Damage(random, whole));
            errors += await FailsAsync("x") ? 1 : 0;
        }

        Assert.InRange(errors, 30, 227);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Decode_StreamsOfRandomBytes_AreErrorsOrFill(int compressor)
    {
        Random random = new(5 + compressor);
        byte[] target = new byte[300];
        for (int time = 0; time < 2000; time++)
        {
            byte[] stored = new byte[random.Next(0, 60)];
            random.NextBytes(stored);
            try
            {
                BloscStreams.Decode((BloscCompressor)compressor, stored, target.AsSpan(0, 200).ToArray(), "x/0.0");
            }
            catch (CorruptDataException error)
            {
                Assert.Contains("x/0.0", error.Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>A frame whose every number is wrong in its own way; what it claims is never allocated.</summary>
    [Theory]
    [InlineData(4, 0x7FFFFFFFu)]
    [InlineData(4, 0xFFFFFFFFu)]
    [InlineData(8, 0u)]
    [InlineData(8, 1u)]
    [InlineData(8, 0xFFFFFFFFu)]
    [InlineData(12, 0u)]
    [InlineData(12, 0xFFFFFFFFu)]
    [InlineData(16, 0u)]
    [InlineData(16, 0xFFFFFFFFu)]
    [InlineData(16, 0x7FFFFFFFu)]
    [InlineData(20, 0x7FFFFFFFu)]
    [InlineData(20, 0xFFFFFFFFu)]
    public async Task Read_BloscWithAWrongNumber_NamesTheChunk(int place, uint number)
    {
        Copy(TestFolder.Data("zarr/blosc_lz4_plain.zarr"), folder.At("x"));
        byte[] changed = await File.ReadAllBytesAsync(folder.At("x/0.0"), Cancelled);
        BitConverter.TryWriteBytes(changed.AsSpan(place), number);
        folder.Write("x/0.0", changed);
        long before = GC.GetTotalAllocatedBytes();
        CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(() => Sample.ReadAllAsync(folder.At("x")));
        Assert.Contains("x/0.0", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 256 << 20);
    }

    /// <summary>Opens the array and reads its first elements.</summary>
    /// <returns>Whether that is an error, of a kind that there may be.</returns>
    private async Task<bool> FailsAsync(string path)
    {
        try
        {
            await using IArrayReader reader = await Sample.OpenAsync(folder.At(path));
            // Larger chunks may be asked for, and cost a test what they cost.
            if (reader.Info.Chunk!.Value.Volume > 1 << 20)
                return false;
            Dims shape = Dims.Build(reader.Info.Shape.Count, axis => Math.Min(reader.Info.Shape[axis], 12));
            Assert.True(reader.ReadOverheadBytes(shape) >= 0 && reader.KeptBytes >= 0);
            Assert.Equal(shape.Volume * reader.Info.Type.Size(), (await Sample.ReadAsync(reader, Box.Whole(shape))).Length);
            return false;
        }
        catch (Exception error) when (error is InvalidArrayException or CorruptDataException)
        {
            Assert.NotEmpty(error.Message);
            return true;
        }
    }

    private static byte[] Damage(Random random, byte[] whole)
    {
        if (random.Next(4) == 0)
            return whole[..random.Next(whole.Length)];
        byte[] damaged = [.. whole];
        for (int change = random.Next(3); change >= 0; change--)
        {
            damaged[random.Next(whole.Length)] = (byte)random.Next(256);
        }

        return damaged;
    }

    /// <summary>Puts another value in the place of a number, a string or a literal.</summary>
    private static byte[] Replace(Random random, byte[] json)
    {
        string text = Encoding.UTF8.GetString(json);
        System.Text.RegularExpressions.MatchCollection tokens =
            System.Text.RegularExpressions.Regex.Matches(text, """(?<![\w"])(-?\d[\d.]*|null|true|false|"[^"]*"(?!\s*:))""");
        System.Text.RegularExpressions.Match token = tokens[random.Next(tokens.Count)];
        return Encoding.UTF8.GetBytes(text[..token.Index] + Values[random.Next(Values.Length)] + text[(token.Index + token.Length)..]);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
