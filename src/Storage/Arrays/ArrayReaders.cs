using Upweave.Storage.Stores;

namespace Upweave.Storage.Arrays;

/// <summary>Opens arrays of every format that can be read by box.</summary>
public static class ArrayReaders
{
    /// <summary>Opens <c>path</c> or <c>path#name</c> (a member of an .npz) for reading by box.</summary>
    /// <param name="identity">What <see cref="IArrayReader.Identity"/> was when the job was planned; null: pin it now.</param>
    /// <exception cref="InvalidArrayException">The array is missing, unreadable or of a kind that is not supported.</exception>
    /// <exception cref="ObjectChangedException">The array has changed since <paramref name="identity"/> was taken.</exception>
    public static ValueTask<IArrayReader> OpenAsync(
        IStoreCatalog stores, string reference, string? identity, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public static ValueTask<IArrayReader> OpenAsync(
        StoreLocation location, string? identity, CancellationToken cancellationToken) => throw new NotSupportedException();
}
