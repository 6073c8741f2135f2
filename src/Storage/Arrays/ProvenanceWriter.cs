using Upweave.Storage.Stores;

namespace Upweave.Storage.Arrays;

/// <summary>Writes an output whose format has no place for what made it: that goes into a <see cref="ProvenanceFile"/>.</summary>
internal sealed class ProvenanceWriter(IArrayWriter inner, ProvenanceFile provenance) : IArrayWriter
{
    public OutputLayout Layout => inner.Layout;

    public EncodedTile Encode(long tile, ReadOnlyMemory<byte> elements) => inner.Encode(tile, elements);

    public ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken) =>
        inner.PrepareAsync(condition, cancellationToken);

    public ValueTask WriteAsync(EncodedTile tile, CancellationToken cancellationToken) => inner.WriteAsync(tile, cancellationToken);

    public ValueTask FindDoneAsync(TileSet done, CancellationToken cancellationToken) => inner.FindDoneAsync(done, cancellationToken);

    public async ValueTask<bool> CommitAsync(WriteCondition condition, CancellationToken cancellationToken)
    {
        if (await inner.IsCommittedAsync(cancellationToken))
            return await inner.CommitAsync(condition, cancellationToken);
        if (!await provenance.WriteAsync(condition, cancellationToken))
            return false;
        if (await inner.CommitAsync(condition, cancellationToken))
            return true;
        await provenance.RemoveAsync(cancellationToken);
        return false;
    }

    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) => inner.IsCommittedAsync(cancellationToken);

    public async ValueTask DiscardAsync(CancellationToken cancellationToken)
    {
        bool isPublished = await inner.IsCommittedAsync(cancellationToken);
        await inner.DiscardAsync(cancellationToken);
        if (!isPublished)
            await provenance.RemoveAsync(cancellationToken);
    }
}
