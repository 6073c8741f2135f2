using Upweave.Storage.Arrays;
using Upweave.Storage.Pictures;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>Arrays and pictures alike, by the reference that a person types.</summary>
internal static class ArrayAccess
{
    /// <summary>Reads the header.</summary>
    public static async Task<ArrayInfo> DescribeAsync(IStoreCatalog catalog, string reference, CancellationToken cancellationToken)
    {
        StoreLocation picture = catalog.Resolve(reference);
        if (await PictureInputs.NeedIngestAsync(picture, cancellationToken))
            return (await PictureHeader.ReadAsync(picture.Store, picture.Path, cancellationToken)).Info;

        await using IArrayReader array = await ArrayReaders.OpenAsync(catalog, reference, identity: null, cancellationToken);
        return array.Info;
    }

    /// <summary>SHA-256 of the elements, little-endian, C order; a picture's as [C,H,W].</summary>
    public static Task<string> HashAsync(IStoreCatalog catalog, string reference, CancellationToken cancellationToken) =>
        ReadAsync(catalog, reference, array => ArrayHash.ComputeAsync(array, cancellationToken).AsTask(), cancellationToken);

    /// <summary>Opens an array, or a picture decoded into a temporary one, for as long as <paramref name="use"/> takes.</summary>
    public static async Task<T> ReadAsync<T>(
        IStoreCatalog catalog, string reference, Func<IArrayReader, Task<T>> use, CancellationToken cancellationToken)
    {
        if (!await PictureInputs.NeedIngestAsync(catalog.Resolve(reference), cancellationToken))
            return await OpenAsync(catalog, reference, use, cancellationToken);
        using ScratchFolder scratch = new();
        string decoded = await PictureFile.DecodeAsync(catalog.Resolve(reference), scratch.Path, cancellationToken);
        return await OpenAsync(new PlainPathCatalog(), decoded, use, cancellationToken);
    }

    private static async Task<T> OpenAsync<T>(
        IStoreCatalog catalog, string reference, Func<IArrayReader, Task<T>> use, CancellationToken cancellationToken)
    {
        await using IArrayReader array = await ArrayReaders.OpenAsync(catalog, reference, identity: null, cancellationToken);
        return await use(array);
    }
}
