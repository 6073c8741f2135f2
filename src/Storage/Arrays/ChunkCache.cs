namespace Upweave.Storage.Arrays;

/// <summary>
/// Decoded chunks, or what else is loaded by number: those used last, up to a number of bytes. Readers that want the same chunk at the
/// same time share one load. Chunks still being loaded or copied from count once they are in; a chunk larger than the budget is not kept.
/// </summary>
internal class ChunkCache<T>
    where T : class
{
    /// <summary>What an entry costs beside its bytes, so that missing chunks are bounded too.</summary>
    public const int EntryBytes = 128;

    private readonly long bytesMax;
    private readonly Func<T, int> lengthOf;
    private readonly Lock gate = new();
    private readonly Dictionary<long, LinkedListNode<Entry>> entries = [];

    /// <summary>The one used last comes first.</summary>
    private readonly LinkedList<Entry> order = new();
    private long bytes;

    /// <param name="lengthOf">Bytes of an entry.</param>
    public ChunkCache(long bytesMax, Func<T, int> lengthOf)
    {
        this.bytesMax = bytesMax;
        this.lengthOf = lengthOf;
    }

    /// <summary>The decoded chunk, from the cache or loaded; null for one that is not stored.</summary>
    /// <param name="load">Is cancelled when all who wait for it have given up; the last of them waits for its end.</param>
    public async ValueTask<T?> GetAsync(long chunk, Func<CancellationToken, Task<T?>> load, CancellationToken cancellationToken)
    {
        (LinkedListNode<Entry> node, bool isNew) = Enter(chunk, load);
        Count(isHit: !isNew);
        try
        {
            T? content = await node.Value.Load.Content.WaitAsync(cancellationToken);
            Account(node, content is null ? 0 : lengthOf(content));
            return content;
        }
        catch
        {
            if (Leave(node))
                await node.Value.Load.StopAsync();
            throw;
        }
    }

    /// <summary>Somebody has asked.</summary>
    protected virtual void Count(bool isHit)
    {
    }

    private (LinkedListNode<Entry> Node, bool IsNew) Enter(long chunk, Func<CancellationToken, Task<T?>> load)
    {
        lock (gate)
        {
            if (entries.TryGetValue(chunk, out LinkedListNode<Entry>? known))
            {
                known.Value.Waiting++;
                order.Remove(known);
                order.AddFirst(known);
                return (known, false);
            }

            LinkedListNode<Entry> node = order.AddFirst(new Entry(chunk, new SharedLoad<T>(load)));
            entries.Add(chunk, node);
            return (node, true);
        }
    }

    /// <summary>One who waited has got it; the first to do so has it counted.</summary>
    private void Account(LinkedListNode<Entry> node, int length)
    {
        lock (gate)
        {
            node.Value.Waiting--;
            if (node.Value.Bytes > 0 || node.List is null)
                return;
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

    /// <summary>One who waited got nothing. Of a load that failed, or that nobody waits for now, nothing stays.</summary>
    /// <returns>Nobody waits for the load.</returns>
    private bool Leave(LinkedListNode<Entry> node)
    {
        lock (gate)
        {
            bool wasLast = --node.Value.Waiting == 0;
            if (node.List is not null && (wasLast || node.Value.Load.Content.IsCompleted))
                Unlink(node);
            return wasLast;
        }
    }

    private void Unlink(LinkedListNode<Entry> node)
    {
        order.Remove(node);
        entries.Remove(node.Value.Chunk);
        bytes -= node.Value.Bytes;
    }

    private sealed class Entry(long chunk, SharedLoad<T> load)
    {
        public long Chunk { get; } = chunk;

        public SharedLoad<T> Load { get; } = load;

        /// <summary>How many wait for it.</summary>
        public int Waiting { get; set; } = 1;

        /// <summary>0 while it is loaded.</summary>
        public long Bytes { get; set; }
    }
}

/// <summary>Decoded chunks.</summary>
internal sealed class ChunkCache(long bytesMax) : ChunkCache<byte[]>(bytesMax, chunk => chunk.Length)
{
    /// <summary>The most bytes that a cache of <paramref name="bytesMax"/> keeps of so many chunks.</summary>
    public static long KeptBytes(long bytesMax, long count, long chunkBytes) =>
        (long)Int128.Min(bytesMax, (Int128)count * (chunkBytes + EntryBytes));

    protected override void Count(bool isHit) => StorageTelemetry.CountChunk(isHit);
}
