using Microsoft.Win32.SafeHandles;

namespace Upweave.Storage.Stores;

/// <summary>
/// A staged file of a local store: blocks are written at their final place in a sparse file and recorded in a
/// <see cref="BlockLedger"/> once they are on the disk. Several processes may stage at the same time.
/// </summary>
internal sealed class LocalStagedFile : IStagedFile
{
    private readonly LocalStaging staging;
    private readonly string data;
    private readonly string ledger;
    private readonly GroupFlush dataFlush;
    private readonly GroupFlush ledgerFlush;
    private readonly LocalFloatingBlocks floating;

    public LocalStagedFile(LocalStaging staging)
    {
        this.staging = staging;
        data = staging.Entry("data");
        ledger = staging.Entry("ledger");
        dataFlush = new GroupFlush(data);
        ledgerFlush = new GroupFlush(ledger);
        floating = new LocalFloatingBlocks(staging, data, dataFlush);
    }

    /// <summary>All is staged beside the destination, which is looked at when it is replaced.</summary>
    public ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public async ValueTask StageAsync(StagedBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        StagedBlocks.Check(block, content);
        if (staging.IsClosed)
            return;
        using (SafeFileHandle handle = LocalFiles.OpenShared(data))
        {
            await RandomAccess.WriteAsync(handle, content, block.Offset, cancellationToken);
        }

        await dataFlush.RunAsync();
        await BlockLedger.AddAsync(ledger, block, content, cancellationToken);
        await ledgerFlush.RunAsync();
    }

    public async ValueTask<IReadOnlyList<StagedBlock>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await ReadLedgerAsync(cancellationToken)).Values];

    public ValueTask<bool> CommitAsync(
        IReadOnlyList<StagedBlock> blocks, WriteCondition condition, CancellationToken cancellationToken)
    {
        long length = StagedBlocks.Length(blocks);
        return staging.PublishAsync(
            data, () => MayPublish(condition), () => CompleteAsync(blocks, length, cancellationToken), cancellationToken);
    }

    public ValueTask StageFloatingAsync(FloatingBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        floating.StageAsync(block, content, cancellationToken);

    public async ValueTask<IReadOnlyList<FloatingBlock>> ListFloatingAsync(CancellationToken cancellationToken) =>
        [.. (await floating.ReadAsync(cancellationToken)).Values.Select(record => record.Placed.Block)];

    public ValueTask<bool> CommitFloatingAsync(IFileFrame frame, WriteCondition condition, CancellationToken cancellationToken) =>
        staging.PublishAsync(
            data, () => MayPublish(condition), () => floating.CompleteAsync(frame, cancellationToken), cancellationToken);

    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(staging.IsPublished);
    }

    public ValueTask DiscardAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        staging.Discard();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<Dictionary<int, StagedBlock>> ReadLedgerAsync(CancellationToken cancellationToken)
    {
        FileInfo file = new(File.Exists(staging.Sealed) ? staging.Sealed : data);
        return file.Exists ? await BlockLedger.ReadAsync(ledger, file.Length, cancellationToken) : [];
    }

    /// <summary>A folder is never replaced: no ETag says what is in it.</summary>
    private bool MayPublish(WriteCondition condition)
    {
        if (Directory.Exists(staging.Destination))
            return false;
        string? etag = LocalFiles.ETag(staging.Destination);
        return condition.MustBeAbsent ? etag is null : condition.ETag is null || condition.ETag == etag;
    }

    private async ValueTask CompleteAsync(
        IReadOnlyList<StagedBlock> blocks, long length, CancellationToken cancellationToken)
    {
        Dictionary<int, StagedBlock> stored = await ReadLedgerAsync(cancellationToken);
        foreach (StagedBlock block in blocks)
        {
            if (!stored.TryGetValue(block.Index, out StagedBlock found) || found != block)
                throw StagedBlocks.Missing(block, staging.DestinationPath);
        }

        using SafeFileHandle handle = LocalFiles.OpenShared(data);
        RandomAccess.SetLength(handle, length);
        RandomAccess.FlushToDisk(handle);
    }
}
