using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>Blocks whose place follows from the order in which the block list names them.</summary>
internal sealed partial class AzureStagedFile
{
    public async ValueTask StageFloatingAsync(FloatingBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        StagedBlocks.Check(block, content);
        await StageAsync(AzureBlockId.Of(ownerBytes, block, content.Span), content, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<FloatingBlock>> ListFloatingAsync(CancellationToken cancellationToken) =>
        [.. (await FloatingAsync(cancellationToken)).Values.Select(id => id.Floating!.Value)];

    /// <summary>
    /// Head and tail are blocks too, before and after the others. Their ids have the hash of their content: those that an interrupted
    /// commit staged are the same, and stored once, or are not named and so gone.
    /// </summary>
    public async ValueTask<bool> CommitFloatingAsync(IFileFrame frame, WriteCondition condition, CancellationToken cancellationToken)
    {
        AzureBlob? published = await blobs.FindAsync(path, cancellationToken);
        if (published?.Info.Owner == owner)
            return true;
        if (Resolve(condition, published) is not { } resolved)
            return false;
        (List<AzureBlockId> found, int? missing) = StagedBlocks.Select(frame, await FloatingAsync(cancellationToken));
        if (missing is { } lost)
            return await PublishAsync([], condition, resolved, StagedBlocks.Missing(lost, path), cancellationToken);
        long offset = IFileFrame.HeadBytes;
        List<PlacedBlock> placed = new(found.Count);
        foreach (AzureBlockId id in found)
        {
            placed.Add(new PlacedBlock(id.Floating!.Value, offset));
            offset += id.Floating.Value.Length;
        }

        FileEnds ends = frame.Build(placed, offset);
        List<string> ids = [await StageEndAsync(0, ends.Head, cancellationToken), .. found.Select(id => id.Text)];
        int index = placed[^1].Block.Index;
        foreach (ReadOnlyMemory<byte> piece in ends.Tail)
        {
            ids.Add(await StageEndAsync(++index, piece, cancellationToken));
        }

        return await PublishAsync(ids, condition, resolved, missing: null, cancellationToken);
    }

    private async Task<string> StageEndAsync(int index, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        AzureBlockId id = AzureBlockId.Of(ownerBytes, new FloatingBlock(index, content.Length, default), content.Span);
        await StageAsync(id, content, cancellationToken);
        return id.Text;
    }

    /// <summary>This owner's blocks by index. Of one that was staged twice with different contents the smaller id is taken.</summary>
    private async Task<Dictionary<int, AzureBlockId>> FloatingAsync(CancellationToken cancellationToken)
    {
        Dictionary<int, AzureBlockId> blocks = [];
        foreach (AzureBlockId id in await OursAsync(cancellationToken))
        {
            if (id.Floating is { Index: > 0 } block
                && (!blocks.TryGetValue(block.Index, out AzureBlockId other) || string.CompareOrdinal(id.Text, other.Text) < 0))
            {
                blocks[block.Index] = id;
            }
        }

        return blocks;
    }
}
