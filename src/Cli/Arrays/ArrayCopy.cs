using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Pictures;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>Copies an array or picture to the format that the destination's extension names.</summary>
internal static class ArrayCopy
{
    /// <returns>What was copied.</returns>
    /// <exception cref="InvalidArrayException">The destination is the source, is there already, or cannot hold the array.</exception>
    public static async Task<ArrayInfo> RunAsync(
        string source, string destination, bool overwrite, CancellationToken cancellationToken)
    {
        PlainPathCatalog catalog = new();
        StoreLocation from = catalog.Resolve(source);
        StoreLocation to = catalog.Resolve(destination);
        if (from.Path.Split('#')[0] == to.Path)
            throw new InvalidArrayException($"The destination '{destination}' is the source.", "choose another path");
        WriteCondition condition = await ConditionAsync(to, destination, overwrite, cancellationToken);
        return await ArrayAccess.ReadAsync(
            source, array => WriteAsync(array, to, condition, cancellationToken), cancellationToken);
    }

    private static async Task<ArrayInfo> WriteAsync(
        IArrayReader array, StoreLocation to, WriteCondition condition, CancellationToken cancellationToken)
    {
        if (PictureFormats.IsOutput(to.Path))
            await PictureFile.WriteAsync(array, to, condition, cancellationToken);
        else
            await WriteTilesAsync(array, to, condition, cancellationToken);
        return array.Info;
    }

    private static async Task WriteTilesAsync(
        IArrayReader array, StoreLocation to, WriteCondition condition, CancellationToken cancellationToken)
    {
        IArrayWriter writer = ArrayWriters.Create(
            to.Store, CopyLayout.For(array.Info, FormatOf(to.Path), to.Path, owner: Guid.NewGuid().ToString("N")));
        try
        {
            if (!await ArrayCopier.CopyAsync(array, writer, condition, progress: null, cancellationToken))
                throw new InvalidArrayException($"{to.Path} appeared or changed while it was written.", "choose another destination");
        }
        finally
        {
            // A copy starts over when it is run again: what it staged has a name that nobody will ask for.
            await writer.DiscardAsync(CancellationToken.None);
            await SideFolder.RemoveAsync(to, CancellationToken.None);
        }
    }

    private static async Task<WriteCondition> ConditionAsync(
        StoreLocation to, string destination, bool overwrite, CancellationToken cancellationToken)
    {
        if (await SideFolder.IsClaimedAsync(to, cancellationToken))
        {
            throw new InvalidArrayException(
                $"The destination '{destination}' is claimed by an unfinished job.", "finish that job, or choose another path");
        }

        string published = PictureFormats.IsOutput(to.Path) ? to.Path : ArrayWriters.PublishingPath(FormatOf(to.Path), to.Path);
        ObjectInfo? existing = await to.Store.StatAsync(published, cancellationToken);
        if (existing is null)
            return WriteCondition.IfAbsent;
        return overwrite
            ? WriteCondition.IfMatch(existing.ETag)
            : throw new InvalidArrayException(
                $"The destination '{destination}' exists.", "give --overwrite to replace it, or choose another path");
    }

    private static OutputFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" => OutputFormat.Npy,
        ".zarr" => OutputFormat.Zarr,
        string other => throw new InvalidArrayException(
            $"The extension '{other}' of {path} names no format that can be written.", "use .npy, .zarr, .png or .tif"),
    };
}
