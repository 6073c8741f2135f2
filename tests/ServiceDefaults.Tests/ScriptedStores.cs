using Upweave.Storage.Stores;

namespace Upweave.ServiceDefaults.Tests;

/// <summary>Stores that hold nothing. Those named in <see cref="Failing"/> fail with their error, or never answer where it is null.</summary>
internal sealed class ScriptedStores : IStoreCatalog
{
    public Dictionary<string, Exception?> Failing { get; } = [];

    public StoreLocation Resolve(string reference)
    {
        string[] parts = reference.Split('/', 2);
        return new StoreLocation(new Store(this, parts[0]), parts[1]);
    }

    private sealed class Store(ScriptedStores stores, string name) : IObjectStore
    {
        public async ValueTask<ObjectInfo?> StatAsync(string path, CancellationToken cancellationToken)
        {
            if (!stores.Failing.TryGetValue(name, out Exception? error))
                return null;
            if (error is not null)
                throw error;
            await new TaskCompletionSource().Task;
            return null;
        }

        public ValueTask ReadAsync(
            string path, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancellationToken) => throw Unasked();

        public ValueTask<bool> WriteAsync(
            string path, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken) => throw Unasked();

        public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => throw Unasked();

        public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => throw Unasked();

        public ValueTask<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken) =>
            throw Unasked();

        public ValueTask DeleteAllAsync(string prefix, CancellationToken cancellationToken) => throw Unasked();

        public ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken) => throw Unasked();

        public IStagedFile StageFile(string path, string owner) => throw Unasked();

        public IStagedTree StageTree(string path, string owner, string metadataKey) => throw Unasked();

        private static InvalidOperationException Unasked() => new("A health check has no business here.");
    }
}
