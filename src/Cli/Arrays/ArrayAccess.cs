using Upweave.Storage.Arrays;
using Upweave.Storage.Sequential;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>Arrays, pictures and volumes compressed as a whole alike, by the reference that a person types.</summary>
internal static class ArrayAccess
{
    /// <summary>Reads the header.</summary>
    public static async Task<ArrayInfo> DescribeAsync(IStoreCatalog catalog, string reference, CancellationToken cancellationToken)
    {
        StoreLocation file = catalog.Resolve(reference);
        if (await SequentialFiles.NeedIngestAsync(file, cancellationToken))
            return (await SequentialFiles.ReadHeaderAsync(file, cancellationToken)).Info;

        await using IArrayReader array = await ArrayReaders.OpenAsync(catalog, reference, identity: null, cancellationToken);
        return array.Info;
    }

    /// <summary>SHA-256 of the elements, little-endian, C order; a picture's as [C,H,W].</summary>
    public static Task<string> HashAsync(IStoreCatalog catalog, string reference, CancellationToken cancellationToken) =>
        ReadAsync(catalog, reference, array => ArrayHash.ComputeAsync(array, cancellationToken).AsTask(), cancellationToken);

    /// <summary>
    /// Opens an array, or what is compressed as a whole decoded into a temporary one, for as long as <paramref name="use"/> takes.
    /// </summary>
    public static async Task<T> ReadAsync<T>(
        IStoreCatalog catalog, string reference, Func<IArrayReader, Task<T>> use, CancellationToken cancellationToken)
    {
        if (!await SequentialFiles.NeedIngestAsync(catalog.Resolve(reference), cancellationToken))
            return await OpenAsync(catalog, reference, use, cancellationToken);
        using ScratchFolder scratch = new();
        await using DecodedArray decoded = await DecodedArray.OpenAsync(catalog.Resolve(reference), scratch.Path, cancellationToken);
        return await use(decoded);
    }

    private static async Task<T> OpenAsync<T>(
        IStoreCatalog catalog, string reference, Func<IArrayReader, Task<T>> use, CancellationToken cancellationToken)
    {
        await using IArrayReader array = await ArrayReaders.OpenAsync(catalog, reference, identity: null, cancellationToken);
        return await use(array);
    }
}
