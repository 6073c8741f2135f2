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
            ProvenanceFile none = new(destination.Store, destination.Path, content: null);
            if (!await none.WriteAsync(condition, cancellationToken) || !await file.CommitAsync(blocks, condition, cancellationToken))
                throw new InvalidArrayException($"{destination.Path} appeared while it was written.", "choose another output");
        }
        finally
        {
            await file.DiscardAsync(CancellationToken.None);
            await SideFolder.RemoveAsync(destination, CancellationToken.None);
        }
    }
}
