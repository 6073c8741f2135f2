using Upweave.Storage.Arrays;
using Upweave.Storage.Tests.Npy;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Arrays;

public sealed class ArrayReadersTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("none.npy", "no array")]
    [InlineData("none.npz#w", "no array")]
    [InlineData("folder", "no array")]
    [InlineData("v2", "zarr version 2")]
    [InlineData("group", "multiscales")]
    [InlineData("x.png", "picture")]
    [InlineData("x.tiff", "too short")]
    [InlineData("hidden.dat", "picture")]
    [InlineData("text.txt", "not known")]
    [InlineData("text.npy", "magic")]
    [InlineData("text.npz", "cannot be read")]
    [InlineData("empty.npy", "magic")]
    [InlineData("good.npy#w", "no .npz")]
    public async Task Open_WhatCannotBeRead_SaysWhyAndNamesIt(string path, string expected)
    {
        folder.Write("folder/x.txt", "x"u8);
        folder.Write("v2/.zarray", "{}"u8);
        folder.Write("group/.zgroup", "{}"u8);
        folder.Write("x.png", "x"u8);
        folder.Write("x.tiff", "II*\0"u8);
        folder.Write("hidden.dat", [0xFF, 0xD8, 0xFF, 0xE0]);
        folder.Write("empty.npy", []);
        folder.Write("good.npy", NpyFile.Make(Sample.Random(new Random(1), [2], ElementType.UInt8)));
        foreach (string name in new[] { "text.txt", "text.npy", "text.npz" })
        {
            folder.Write(name, "this is a text"u8);
        }

        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await Sample.OpenAsync(folder.At(path)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.At(path), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.dat")]
    [InlineData("a#b.npy")]
    [InlineData("x.png")]
    public async Task Open_NpyUnderAnyName_IsRecognisedByItsContent(string name)
    {
        Sample sample = Sample.Random(new Random(1), [3, 2], ElementType.Float32);
        folder.Write(name, NpyFile.Make(sample));
        Assert.Equal(sample.Bytes, await Sample.ReadAllAsync(folder.At(name)));
    }

    [Fact]
    public async Task Read_BoxOutsideOrDestinationOfAnotherSize_IsRefused()
    {
        folder.Write("x.npy", NpyFile.Make(Sample.Random(new Random(1), [3, 2], ElementType.Float32)));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.npy"));
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        foreach (Box box in new Box[] { new([2, 0], [2, 2]), new([0, 0], [0, 2]), new([-1, 0], [1, 2]), new([0], [1]) })
        {
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await reader.ReadAsync(box, new byte[box.Volume * 4], cancelled));
        }

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await reader.ReadAsync(Box.Whole([3, 2]), new byte[23], cancelled));
    }
}
