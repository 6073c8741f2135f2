using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests;

/// <summary>Counts range reads, and resolves every reference to a path of the store behind it.</summary>
public sealed class CountingStore(IObjectStore inner) : IObjectStore, IStoreCatalog
{
    private int reads;

    public int Reads
    {
        get => reads;
        set => reads = value;
    }

    public StoreLocation Resolve(string reference) => new(this, reference);

    public ValueTask<ObjectInfo?> StatAsync(string path, CancellationToken cancellationToken) =>
        inner.StatAsync(path, cancellationToken);

    public ValueTask ReadAsync(
        string path, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref reads);
        return inner.ReadAsync(path, offset, destination, ifMatch, cancellationToken);
    }

    public ValueTask<bool> WriteAsync(
        string path, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken) =>
        inner.WriteAsync(path, content, condition, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

    public ValueTask<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken) =>
        inner.DeleteAsync(path, ifMatch, cancellationToken);

    public ValueTask DeleteAllAsync(string prefix, CancellationToken cancellationToken) =>
        inner.DeleteAllAsync(prefix, cancellationToken);

    public ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken) => inner.GetTimeAsync(cancellationToken);

    public IStagedFile StageFile(string path, string owner) => inner.StageFile(path, owner);

    public IStagedTree StageTree(string path, string owner, string metadataKey) => inner.StageTree(path, owner, metadataKey);
}
