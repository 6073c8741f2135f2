using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Pictures;

/// <summary>Objects in memory: as much of a store as pictures need.</summary>
internal sealed class MemoryStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, (byte[] Content, int Version)> objects = [];
    private readonly ConcurrentDictionary<string, MemoryStagedFile> staged = [];

    public long BytesRead { get; private set; }

    public byte[] this[string path]
    {
        get => objects[path].Content;
        set => objects.AddOrUpdate(path, (value, 1), (_, old) => (value, old.Version + 1));
    }

    public ValueTask<ObjectInfo?> StatAsync(string path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(objects.TryGetValue(path, out (byte[] Content, int Version) found)
            ? new ObjectInfo(path, found.Content.Length, ETag(found.Version), DateTimeOffset.UnixEpoch)
            : null);

    public ValueTask ReadAsync(
        string path, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (byte[] content, int version) = objects[path];
        if (ifMatch is not null && ifMatch != ETag(version))
            throw new ObjectChangedException($"{path} changed");
        content.AsSpan((int)offset, destination.Length).CopyTo(destination.Span);
        BytesRead += destination.Length;
        return ValueTask.CompletedTask;
    }

    public IStagedFile StageFile(string path, string owner) =>
        staged.GetOrAdd(path + "|" + owner, _ => new MemoryStagedFile(content => this[path] = content));

    public ValueTask<bool> WriteAsync(
        string path, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DeleteAllAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(DateTimeOffset.UtcNow);

    public IStagedTree StageTree(string path, string owner, string metadataKey) => throw new NotSupportedException();

    private static string ETag(int version) => "v:" + version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Blocks in memory.</summary>
internal sealed class MemoryStagedFile(Action<byte[]> publish) : IStagedFile
{
    private readonly ConcurrentDictionary<StagedBlock, byte[]> blocks = [];

    public ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask StageAsync(StagedBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Assert.Equal(block.Length, content.Length);
        Assert.True(blocks.TryAdd(block, content.ToArray()), $"{block} was staged twice");
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> CommitAsync(
        IReadOnlyList<StagedBlock> blocks, WriteCondition condition, CancellationToken cancellationToken)
    {
        MemoryStream content = new();
        foreach (StagedBlock block in blocks)
        {
            Assert.Equal(content.Length, block.Offset);
            content.Write(this.blocks[block]);
        }

        publish(content.ToArray());
        return ValueTask.FromResult(true);
    }

    public ValueTask<IReadOnlyList<StagedBlock>> ListAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<StagedBlock>>([.. blocks.Keys]);

    public ValueTask StageFloatingAsync(FloatingBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<FloatingBlock>> ListFloatingAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<bool> CommitFloatingAsync(IFileFrame frame, WriteCondition condition, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DiscardAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
