using System.IO.Compression;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Npy;

public sealed class NpzTests : IDisposable
{
    private readonly TestFolder folder = new();

    private readonly Sample weights = Sample.Random(new Random(1), [2, 3, 4], ElementType.Float32);
    private readonly Sample bias = Sample.Random(new Random(2), [3], ElementType.Float64);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public async Task Read_Member_ByNameWithAndWithoutSuffix(CompressionLevel level)
    {
        Zip("x.npz", level, ("w.npy", NpyFile.Make(weights)), ("b.npy", NpyFile.Make(bias, bigEndian: true)));
        Assert.Equal(weights.Bytes, await Sample.ReadAllAsync(folder.At("x.npz#w")));
        Assert.Equal(bias.Bytes, await Sample.ReadAllAsync(folder.At("x.npz#b.npy")));
        await using var reader = await Sample.OpenAsync(folder.At("x.npz#w"));
        Assert.Equal("npz", reader.Info.Format);
        Box box = new([1, 1, 1], [1, 2, 2]);
        Assert.Equal(weights.Cut(box), await Sample.ReadAsync(reader, box));
    }

    [Fact]
    public async Task Open_NoName_TakesTheOnlyMember()
    {
        Zip("x.npz", CompressionLevel.Optimal, ("arr_0.npy", NpyFile.Make(weights)));
        Assert.Equal(weights.Bytes, await Sample.ReadAllAsync(folder.At("x.npz")));
    }

    [Theory]
    [InlineData("x.npz")]
    [InlineData("x.npz#v")]
    public async Task Open_NameMissingOrUnknown_ListsTheMembers(string reference)
    {
        Zip("x.npz", CompressionLevel.Optimal, ("w.npy", NpyFile.Make(weights)), ("b.npy", NpyFile.Make(bias)));
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await Sample.OpenAsync(folder.At(reference)));
        Assert.Contains("w, b", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_CompressedMemberBeyondTheBound_SaysWhatToDo()
    {
        using (ZipArchive archive = ZipFile.Open(folder.At("x.npz"), ZipArchiveMode.Create))
        using (Stream member = archive.CreateEntry("w.npy", CompressionLevel.Fastest).Open())
        {
            byte[] zeros = new byte[1 << 20];
            for (int block = 0; block <= 256; block++)
            {
                member.Write(zeros);
            }
        }

        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await Sample.OpenAsync(folder.At("x.npz#w")));
        Assert.Contains("savez", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression, false)]
    [InlineData(CompressionLevel.Optimal, true)]
    public async Task Open_BytesOfTheArchiveChanged_IsAnErrorOrAnArray(CompressionLevel level, bool isChecked)
    {
        Zip("x.npz", level, ("w.npy", NpyFile.Make(weights)));
        byte[] whole = await File.ReadAllBytesAsync(folder.At("x.npz"), TestContext.Current.CancellationToken);
        Random random = new(17);
        for (int time = 0; time < 600; time++)
        {
            byte[] damaged = [.. whole];
            damaged[time % whole.Length] = (byte)random.Next(256);
            folder.Write("y.npz", time < whole.Length ? damaged : damaged.AsSpan(0, random.Next(whole.Length)));
            try
            {
                byte[] elements = await Sample.ReadAllAsync(folder.At("y.npz#w"));
                if (isChecked)
                    Assert.Equal(weights.Bytes, elements);
            }
            catch (InvalidArrayException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    private void Zip(string name, CompressionLevel level, params (string Name, byte[] Content)[] members)
    {
        using ZipArchive archive = ZipFile.Open(folder.At(name), ZipArchiveMode.Create);
        foreach ((string member, byte[] content) in members)
        {
            using Stream stream = archive.CreateEntry(member, level).Open();
            stream.Write(content);
        }
    }
}
