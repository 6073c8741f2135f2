using Upweave.Storage.Arrays;

namespace Upweave.Coordinator.Jobs;

/// <summary>Tiles that go out again, each when its time has come. Those that were done meanwhile are left out.</summary>
/// <param name="done">Tiles that are durable.</param>
internal sealed class RetryQueue(TileSet done, TimeProvider time)
{
    private readonly PriorityQueue<TileTry, TimeSpan> waiting = new();
    private readonly long started = time.GetTimestamp();

    /// <summary>Tiles that wait, those that were done meanwhile included.</summary>
    public int Count => waiting.Count;

    /// <summary>The same, in no order.</summary>
    public IEnumerable<long> Tiles => waiting.UnorderedItems.Select(item => item.Element.Tile).Where(tile => !done.Contains(tile));

    /// <summary>Time until the next tile may go out, zero when one may now; null when none waits.</summary>
    public TimeSpan? Wait
    {
        get
        {
            DropDone();
            if (!waiting.TryPeek(out _, out TimeSpan due))
                return null;
            TimeSpan now = Now;
            return due > now ? due - now : TimeSpan.Zero;
        }
    }

    private TimeSpan Now => time.GetElapsedTime(started);

    public void Add(TileTry next, TimeSpan wait) => waiting.Enqueue(next, Now + wait);

    /// <summary>A tile whose time has come.</summary>
    public bool TryTake(out TileTry next)
    {
        next = default;
        return Wait == TimeSpan.Zero && waiting.TryDequeue(out next, out _);
    }

    /// <summary>A late answer may have completed a tile that waits.</summary>
    private void DropDone()
    {
        while (waiting.TryPeek(out TileTry next, out _) && done.Contains(next.Tile))
        {
            waiting.Dequeue();
        }
    }
}
