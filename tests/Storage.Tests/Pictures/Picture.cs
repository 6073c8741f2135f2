using Upweave.Storage.Pictures;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Pictures;

/// <summary>The steps that most tests of pictures share.</summary>
internal static class Picture
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An array of noise; every byte is a function of the seed.</summary>
    public static MemoryArray Noise(Dims shape, ElementType type, Dims tile, int seed)
    {
        byte[] content = new byte[shape.Volume * type.Size()];
        new Random(seed).NextBytes(content);
        return new MemoryArray(shape, type, tile, content);
    }

    /// <summary>Reads the header and all pixels of a picture, through tiles of the given size.</summary>
    public static async Task<(PictureHeader Header, MemoryArray Array)> ReadAsync(
        MemoryStore store, string path, int tileRows = 7, int tileColumns = 5)
    {
        PictureHeader header = await PictureHeader.ReadAsync(store, path, Token);
        Dims tile = [header.Info.Shape[0], tileRows, tileColumns];
        MemoryArray array = new(header.Info.Shape, header.Info.Type, tile);
        await PictureIngest.RunAsync(store, path, header.Identity, array, null, Token);
        Assert.Equal(array.Done.Size, array.Done.Count);
        return (header, array);
    }

    /// <summary>Encodes an array and publishes the picture.</summary>
    /// <returns>How many blocks it took.</returns>
    public static async Task<int> WriteAsync(MemoryArray array, MemoryStore store, string path)
    {
        IReadOnlyList<StagedBlock> blocks = await PictureExport.RunAsync(array, store, path, "owner", null, Token);
        await store.StageFile(path, "owner").CommitAsync(blocks, WriteCondition.Always, Token);
        return blocks.Count;
    }
}
