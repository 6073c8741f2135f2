using Upweave.Contracts.Messages;
using Upweave.Storage.Arrays;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// Decides which tiles go out next: those missing from the output, in order, never more than a window at the same time, each
/// at most a few times. Holds nothing per tile but a bit; the tiles in flight are bounded by the window. Not safe for
/// concurrent use.
/// </summary>
/// <param name="done">Tiles that are durable.</param>
/// <param name="tilesPerRun">Most tiles of one run.</param>
/// <param name="windowRuns">Most runs in flight.</param>
/// <param name="attemptsMax">How often a tile goes out before it counts as failed.</param>
public sealed class DispatchWindow(TileSet done, int tilesPerRun, int windowRuns, int attemptsMax)
{
    private readonly Dictionary<long, int> inFlight = [];
    private readonly Queue<TileRun> again = [];
    private readonly Dictionary<long, TileFailed> failed = [];
    private readonly long windowTiles = (long)tilesPerRun * windowRuns;
    private long cursor;
    private bool stopped;

    /// <summary>Tiles that have failed for good.</summary>
    public IReadOnlyCollection<TileFailed> Failed => failed.Values;

    public int InFlight => inFlight.Count;

    /// <summary>Nothing is out and nothing more will go out.</summary>
    public bool IsFinished => inFlight.Count == 0 && (stopped || (again.Count == 0 && NextFresh() < 0));

    /// <summary>Sends nothing more; what is out may still come back.</summary>
    public void Stop() => stopped = true;

    /// <summary>The runs to send now.</summary>
    public IEnumerable<TileRun> Refill()
    {
        while (!stopped && inFlight.Count + tilesPerRun <= windowTiles)
        {
            if (!TryNextAgain(out TileRun run) && !TryNextFresh(out run))
                yield break;
            for (int offset = 0; offset < run.Count; offset++)
            {
                inFlight[run.First + offset] = run.Attempt;
            }

            yield return run;
        }
    }

    /// <summary>Tiles are durable. Being told again changes nothing.</summary>
    /// <returns>How many of them are news.</returns>
    public int Complete(long first, int count)
    {
        int news = 0;
        for (long tile = first; tile < first + count; tile++)
        {
            inFlight.Remove(tile);
            failed.Remove(tile);
            if (done.Add(tile))
                news++;
        }

        return news;
    }

    /// <summary>
    /// A tile could not be computed: it goes out again, or counts as failed. An invalid request stops everything: every
    /// other tile would say the same.
    /// </summary>
    public void Fail(TileFailed failure)
    {
        if (done.Contains(failure.Tile) || !inFlight.TryGetValue(failure.Tile, out int attempt) || attempt != failure.Attempt)
            return; // an answer to an earlier attempt
        inFlight.Remove(failure.Tile);
        if (failure.Kind == TileErrorKind.Transient && attempt < attemptsMax)
            again.Enqueue(new TileRun(failure.Tile, 1, attempt + 1));
        else
            failed[failure.Tile] = failure;
        if (failure.Kind == TileErrorKind.Invalid)
            Stop();
    }

    /// <summary>Tiles in flight that are not durable go out again: their messages count as lost.</summary>
    /// <param name="giveUp">Makes the failure of a tile that has gone out often enough.</param>
    public void Resend(Func<long, int, TileFailed> giveUp)
    {
        foreach ((long tile, int attempt) in inFlight.ToArray())
        {
            inFlight.Remove(tile);
            if (done.Contains(tile))
                continue;
            if (attempt < attemptsMax)
                again.Enqueue(new TileRun(tile, 1, attempt + 1));
            else
                failed[tile] = giveUp(tile, attempt);
        }
    }

    private long NextFresh() => done.NextMissing(cursor);

    /// <summary>A tile that failed or was lost; a late answer may have completed it since.</summary>
    private bool TryNextAgain(out TileRun run)
    {
        while (again.TryDequeue(out run))
        {
            if (!done.Contains(run.First))
                return true;
        }

        return false;
    }

    private bool TryNextFresh(out TileRun run)
    {
        long first = NextFresh();
        if (first < 0)
        {
            run = default;
            cursor = done.Size;
            return false;
        }

        int count = 1;
        while (count < tilesPerRun && first + count < done.Size && !done.Contains(first + count))
        {
            count++;
        }

        cursor = first + count;
        run = new TileRun(first, count, Attempt: 1);
        return true;
    }
}
