namespace Upweave.Storage.Arrays;

/// <summary>
/// Decoded chunks, those used last, up to a number of bytes. Readers that want the same chunk at the same time share one
/// load. Chunks still being loaded or copied from count once they are in; a chunk larger than the budget is not kept.
/// </summary>
internal sealed class ChunkCache
{
    /// <summary>What an entry costs beside its bytes, so that missing chunks are bounded too.</summary>
    public const int EntryBytes = 128;

    private readonly long bytesMax;
    private readonly Lock gate = new();
    private readonly Dictionary<long, LinkedListNode<Entry>> entries = [];

    /// <summary>The one used last comes first.</summary>
    private readonly LinkedList<Entry> order = new();
    private long bytes;

    public ChunkCache(long bytesMax) => this.bytesMax = bytesMax;

    /// <summary>The decoded chunk, from the cache or loaded; null for one that is not stored.</summary>
    /// <param name="load">Runs to its end even if one who waits for it gives up: others may wait too.</param>
    public async ValueTask<byte[]?> GetAsync(long chunk, Func<Task<byte[]?>> load, CancellationToken cancellationToken)
    {
        (LinkedListNode<Entry> node, bool isNew) = Enter(chunk, load);
        try
        {
            byte[]? content = await node.Value.Content.Value.WaitAsync(cancellationToken);
            if (isNew)
                Account(node, content?.Length ?? 0);
            return content;
        }
        catch when (isNew)
        {
            Remove(node);
            throw;
        }
    }

    private (LinkedListNode<Entry> Node, bool IsNew) Enter(long chunk, Func<Task<byte[]?>> load)
    {
        lock (gate)
        {
            if (entries.TryGetValue(chunk, out LinkedListNode<Entry>? known))
            {
                order.Remove(known);
                order.AddFirst(known);
                return (known, false);
            }

            LinkedListNode<Entry> node = order.AddFirst(new Entry(chunk, new Lazy<Task<byte[]?>>(load)));
            entries.Add(chunk, node);
            return (node, true);
        }
    }

    private void Account(LinkedListNode<Entry> node, int length)
    {
        lock (gate)
        {
            node.Value.Bytes = length + EntryBytes;
            bytes += node.Value.Bytes;
            for (LinkedListNode<Entry>? oldest = order.Last; bytes > bytesMax && oldest is not null;)
            {
                LinkedListNode<Entry>? next = oldest.Previous;
                if (oldest.Value.Bytes > 0)
                    Unlink(oldest);
                oldest = next;
            }
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        lock (gate)
        {
            Unlink(node);
        }
    }

    private void Unlink(LinkedListNode<Entry> node)
    {
        order.Remove(node);
        entries.Remove(node.Value.Chunk);
        bytes -= node.Value.Bytes;
    }

    private sealed class Entry(long chunk, Lazy<Task<byte[]?>> content)
    {
        public long Chunk { get; } = chunk;

        public Lazy<Task<byte[]?>> Content { get; } = content;

        /// <summary>0 while it is loaded.</summary>
        public long Bytes { get; set; }
    }
}
