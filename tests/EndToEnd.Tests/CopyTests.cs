using System.Buffers.Binary;
using System.Text.Json;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>copy and inspect: elements and their type survive every format.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("|b1", 1)]
    [InlineData("|i1", 1)]
    [InlineData("|u1", 1)]
    [InlineData("<i2", 2)]
    [InlineData("<u2", 2)]
    [InlineData("<i4", 4)]
    [InlineData("<u4", 4)]
    [InlineData("<i8", 8)]
    [InlineData("<u8", 8)]
    [InlineData("<f2", 2)]
    [InlineData("<f4", 4)]
    [InlineData("<f8", 8)]
    public async Task Copy_ToZarrAndBack_KeepsEveryBit(string descr, int bytes)
    {
        NpyArray array = new(descr, [3, 4, 5], NpyArray.RandomBytes(2606, 3 * 4 * 5 * bytes).Bytes);
        if (descr == "|b1")
            array = array with { Bytes = [.. array.Bytes.Select(value => (byte)(value & 1))] };
        folder.Write("x.npy", array);
        await folder.SucceedAsync("copy x.npy y.zarr");
        await folder.SucceedAsync("copy y.zarr z.npy");
        NpyArray back = folder.Read("z.npy");
        Assert.Equal((array.Descr, array.Sha256), (back.Descr, back.Sha256));
        Assert.Equal(array.Shape, back.Shape);
        Assert.Equal(array.Sha256, await folder.HashAsync("y.zarr"));
    }

    [Fact]
    public async Task Inspect_FortranOrderAndBigEndian_HashAsCOrderLittleEndian()
    {
        NpyArray array = NpyArray.Random(2607, 3, 4);
        byte[] swapped = new byte[array.Bytes.Length];
        byte[] fortran = new byte[array.Bytes.Length];
        for (int element = 0; element < 12; element++)
        {
            ReadOnlySpan<byte> bytes = array.Bytes.AsSpan(element * 4, 4);
            BinaryPrimitives.WriteUInt32BigEndian(swapped.AsSpan(element * 4), BinaryPrimitives.ReadUInt32LittleEndian(bytes));
            bytes.CopyTo(fortran.AsSpan(((element % 4 * 3) + (element / 4)) * 4));
        }

        folder.Write("big.npy", array with { Descr = ">f4", Bytes = swapped });
        folder.Write("fortran.npy", array with { Bytes = fortran, IsFortran = true });
        Assert.Equal(array.Sha256, await folder.HashAsync("big.npy"));
        Assert.Equal(array.Sha256, await folder.HashAsync("fortran.npy"));
        JsonElement described = (await folder.SucceedAsync("inspect fortran.npy --json")).Json;
        Assert.Equal("F", described.GetProperty("order").GetString());
        Assert.Equal([3, 4], described.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()));
        Assert.Equal("float32", described.GetProperty("dtype").GetString());
        await folder.SucceedAsync("copy fortran.npy c.npy");
        Assert.Equal(array.Sha256, folder.Read("c.npy").Sha256);
    }

    [Fact]
    public async Task Copy_MemberOfNpz_IsThatArray()
    {
        TorchCase torch = TorchCase.Load()[0];
        await folder.SucceedAsync($"copy {torch.Path}#y y.npy");
        NpyArray expected = NpyFile.ReadMember(torch.Path, "y");
        Assert.Equal(expected.Shape, folder.Read("y.npy").Shape);
        Assert.Equal(expected.Sha256, folder.Read("y.npy").Sha256);
        Assert.Equal(expected.Sha256, await folder.HashAsync($"{torch.Path}#y"));
    }

    [Theory]
    [InlineData("|u1", 1, "png")]
    [InlineData("<u2", 2, "png")]
    [InlineData("|u1", 1, "tif")]
    [InlineData("<u2", 2, "tif")]
    public async Task Copy_ToAPictureAndBack_KeepsEveryPixel(string descr, int bytes, string extension)
    {
        NpyArray picture = new(descr, [3, 31, 45], NpyArray.RandomBytes(2608, 3 * 31 * 45 * bytes).Bytes);
        folder.Write("x.npy", picture);
        await folder.SucceedAsync($"copy x.npy picture.{extension}");
        await folder.SucceedAsync($"copy picture.{extension} back.npy");
        NpyArray back = folder.Read("back.npy");
        Assert.Equal((picture.Descr, picture.Sha256), (back.Descr, back.Sha256));
        Assert.Equal(picture.Shape, back.Shape);
    }

    [Fact]
    public async Task Inspect_Plain_SaysWhatItIs()
    {
        NpyArray array = NpyArray.Random(2609, 6, 7);
        folder.Write("x.npy", array);
        UpweaveResult result = await folder.SucceedAsync("inspect x.npy --hash");
        foreach (string part in (string[])["x.npy", "6 x 7", "float32", array.Sha256])
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }
}
