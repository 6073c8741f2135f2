using NetVips;
using Upweave.Storage.Pictures;

namespace Upweave.Storage.Tests.Pictures;

public sealed class PictureDamageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(".png", 0.5)]
    [InlineData(".png", 0.95)]
    [InlineData(".jpg", 0.5)]
    [InlineData(".jpg", 0.95)]
    [InlineData(".tif", 0.5)]
    [InlineData(".webp", 0.5)]
    public async Task Ingest_TruncatedPicture_Fails(string extension, double share)
    {
        using Image noise = Image.Gaussnoise(400, 300).Cast(Enums.BandFormat.Uchar);
        byte[] whole = noise.WriteToBuffer(extension);
        MemoryStore store = new() { ["whole" + extension] = whole, ["part" + extension] = whole[..(int)(whole.Length * share)] };
        await Picture.ReadAsync(store, "whole" + extension);
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => Picture.ReadAsync(store, "part" + extension));
        Assert.True(error is CorruptDataException or InvalidArrayException, error.ToString());
        Assert.Contains("part" + extension, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_PngWithAFlippedBit_Fails()
    {
        byte[] noise = new byte[90_000];
        new Random(11).NextBytes(noise);
        byte[] file = PngBytes.Write(300, 300, 8, 0, noise);
        file[file.Length / 2] ^= 1;
        MemoryStore store = new() { ["a.png"] = file };
        await Assert.ThrowsAsync<CorruptDataException>(() => Picture.ReadAsync(store, "a.png"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("89")]
    [InlineData("48656C6C6F2C20776F726C6421212121")]
    [InlineData("255044462D312E370A25C4E5F2E5EBA7")]
    public async Task Header_NotAPicture_IsRefused(string hex)
    {
        MemoryStore store = new() { ["a.png"] = Convert.FromHexString(hex) };
        await AssertRefusedAsync(store, "not a picture");
    }

    [Fact]
    public async Task Header_OnlyASignature_SaysWhatTheDecoderSaid()
    {
        MemoryStore store = new() { ["a.png"] = PngBytes.Write(2, 1, 8, 0, [1, 2])[..20] };
        await AssertRefusedAsync(store, "png picture cannot be read");
    }

    [Fact]
    public async Task Header_Missing_IsRefused() => await AssertRefusedAsync(new MemoryStore(), "no such picture");

    [Fact]
    public async Task Header_SeveralPages_IsRefused()
    {
        MemoryStore store = new() { ["a.png"] = TiffBytes.Write(2, 1, 8, 1, [1, 2], pages: 3) };
        await AssertRefusedAsync(store, "3 pages");
    }

    [Fact]
    public async Task Header_TooManyPixels_IsRefusedBeforeDecoding()
    {
        MemoryStore store = new() { ["a.png"] = PngBytes.Write(65537, 65536, 8, 0, []) };
        await AssertRefusedAsync(store, "65537 x 65536");
    }

    private static async Task AssertRefusedAsync(MemoryStore store, string message)
    {
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await PictureHeader.ReadAsync(store, "a.png", Token));
        Assert.StartsWith("a.png: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }
}
