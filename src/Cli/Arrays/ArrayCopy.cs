using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Nifti;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>
/// Copies an array or picture to the format that the destination's extension names. Where that is the source's own and holds more than
/// elements (<see cref="FileCopy"/>), the file is copied byte for byte.
/// </summary>
internal static class ArrayCopy
{
    /// <param name="options">Of the format; then nothing is copied byte for byte.</param>
    /// <returns>What was copied; null for a file of several arrays.</returns>
    /// <exception cref="InvalidArrayException">The destination is the source, is there already, or cannot hold the array.</exception>
    public static async Task<CopyResult> RunAsync(
        ReferenceCatalog catalog, string source, string destination, string? options, bool overwrite,
        CancellationToken cancellationToken)
    {
        StoreLocation from = catalog.Resolve(source);
        StoreLocation to = catalog.Resolve(destination);
        if (catalog.PlaceOf(source.Split('#')[0]) == catalog.PlaceOf(destination))
            throw new InvalidArrayException($"The destination '{destination}' is the source.", "choose another path");
        CopyFormat? format = options is null && FileCopy.Suits(source, destination) ? null : CopyFormat.Of(to.Path, options);
        string published = format is null ? to.Path : OutputFormats.PublishingPath(format.Name, to.Path);
        WriteCondition condition = await ConditionAsync(to, destination, published, overwrite, cancellationToken);
        if (format is not null)
        {
            return CopyResult.Of(await ArrayAccess.ReadAsync(
                catalog, source, array => WriteAsync(array, to, format, condition, cancellationToken), cancellationToken));
        }

        // It must be what it is called, as for every other destination; its header also tells what was copied.
        ArrayInfo? info = FileCopy.IsOneArray(source) ? await ArrayAccess.DescribeAsync(catalog, source, cancellationToken) : null;
        return new CopyResult(info, await FileCopy.RunAsync(from, to, condition, cancellationToken));
    }

    private static async Task<ArrayInfo> WriteAsync(
        IArrayReader array, StoreLocation to, CopyFormat format, WriteCondition condition, CancellationToken cancellationToken)
    {
        LayoutOptions options = format.OptionsFor(array.Info);
        if (OutputFormats.IsPicture(format.Name))
            await PictureFile.WriteAsync(array, to, condition, cancellationToken);
        else
            await WriteTilesAsync(array, to, format.OfTiles, options, condition, cancellationToken);
        return array.Info;
    }

    private static async Task WriteTilesAsync(
        IArrayReader array, StoreLocation to, OutputFormat format, LayoutOptions options, WriteCondition condition,
        CancellationToken cancellationToken)
    {
        ArrayInfo info = array.Info;
        if (format == OutputFormat.Nifti && NiftiOutput.Check(to.Path, info.Shape, info.Type, info.Axes) is { Count: > 0 } problems)
            throw new InvalidArrayException(string.Join(" ", problems));
        IArrayWriter writer = ArrayWriters.Create(
            to.Store, CopyLayout.For(info, format, to.Path, owner: Guid.NewGuid().ToString("N"), options));
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
        StoreLocation to, string destination, string published, bool overwrite, CancellationToken cancellationToken)
    {
        if (await SideFolder.IsClaimedAsync(to, cancellationToken))
        {
            throw new InvalidArrayException(
                $"The destination '{destination}' is claimed by an unfinished job.", "finish that job, or choose another path");
        }

        ObjectInfo? existing = await to.Store.StatAsync(published, cancellationToken);
        if (existing is null)
            return WriteCondition.IfAbsent;
        return overwrite
            ? WriteCondition.IfMatch(existing.ETag)
            : throw new InvalidArrayException(
                $"The destination '{destination}' exists.", "give --overwrite to replace it, or choose another path");
    }
}
