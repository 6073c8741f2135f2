using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Pictures;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>Whole pictures, outside of a job.</summary>
internal static class PictureFile
{
    /// <summary>Encodes an array as the picture that the path's extension names.</summary>
    /// <exception cref="InvalidArrayException">The array cannot be such a picture, or the condition does not hold.</exception>
    public static async Task WriteAsync(
        IArrayReader source, StoreLocation destination, WriteCondition condition, CancellationToken cancellationToken)
    {
        string owner = Guid.NewGuid().ToString("N");
        IStagedFile file = destination.Store.StageFile(destination.Path, owner);
        try
        {
            IReadOnlyList<StagedBlock> blocks = await PictureExport.RunAsync(
                source, destination.Store, destination.Path, owner, progress: null, cancellationToken);
            if (!await file.CommitAsync(blocks, condition, cancellationToken))
                throw new InvalidArrayException($"{destination.Path} appeared while it was written.", "choose another output");
        }
        finally
        {
            await file.DiscardAsync(CancellationToken.None);
            await SideFolder.RemoveAsync(destination, CancellationToken.None);
        }
    }

    /// <summary>Decodes a picture into an array in a folder.</summary>
    /// <param name="folder">Where the array goes; it is the caller's to remove.</param>
    /// <returns>The array's path.</returns>
    public static async Task<string> DecodeAsync(StoreLocation picture, string folder, CancellationToken cancellationToken)
    {
        PictureHeader header = await PictureHeader.ReadAsync(picture.Store, picture.Path, cancellationToken);
        string path = Path.Combine(folder, "picture.zarr");
        StoreLocation target = new PlainPathCatalog().Resolve(path);
        IArrayWriter writer = ArrayWriters.Create(target.Store, new OutputLayout
        {
            Format = OutputFormat.Zarr,
            Path = target.Path,
            Owner = Guid.NewGuid().ToString("N"),
            Shape = header.Info.Shape,
            Type = header.Info.Type,
            Axes = header.Info.Axes,
            Tile = [header.Info.Shape[0], Math.Min(RowsPerTile, header.Info.Shape[1]), header.Info.Shape[2]],
            Chunk = [header.Info.Shape[0], Math.Min(RowsPerTile, header.Info.Shape[1]), header.Info.Shape[2]],
            Compression = Compression.None,
        });
        await PictureIngest.RunAsync(picture.Store, picture.Path, header.Identity, writer, progress: null, cancellationToken);
        await writer.CommitAsync(WriteCondition.Always, cancellationToken);
        return path;
    }

    private const long RowsPerTile = 256;
}
