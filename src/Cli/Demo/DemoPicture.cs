using Upweave.Cli.Arrays;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Demo;

/// <summary>Puts the demo's picture on disk.</summary>
internal static class DemoPicture
{
    /// <summary>Draws the picture and writes it as a PNG, over what is there.</summary>
    public static async Task WriteAsync(string path, int width, int height, CancellationToken cancellationToken)
    {
        byte[] elements = JuliaPicture.Draw(width, height, cancellationToken);
        StoreLocation location = new PlainPathCatalog().Resolve(path);
        await using MemoryArray picture = new([3, height, width], ElementType.UInt8, "cyx", elements);
        await PictureFile.WriteAsync(picture, location, WriteCondition.Always, cancellationToken);
    }
}
