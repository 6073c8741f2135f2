using Upweave.Contracts.Messages;
using Upweave.Storage.Arrays;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// Decides which tiles go out next: those missing from the output, in order, never more than a window at the same time, each
/// at most a few times. A tile that failed by a transient error waits longer each time while the others go on; one that has failed
/// often enough is put aside. Holds nothing per tile but a bit; the tiles in flight, waiting and put aside are bounded. For one caller,
/// but for <see cref="Look"/>, which anybody may at any time.
/// </summary>
/// <param name="done">Tiles that are durable.</param>
/// <param name="tilesPerRun">Most tiles of one run.</param>
/// <param name="windowRuns">Most runs in flight; may be changed.</param>
/// <param name="retries">How often a tile goes out before it counts as failed.</param>
public sealed class DispatchWindow(TileSet done, int tilesPerRun, int windowRuns, RetryPolicy retries, TimeProvider time)
{
    /// <summary>Tiles that are put aside before the rest of the job is given up: more of them say nothing new.</summary>
    public const int FailedMax = 1000;

    /// <summary>Windows of tiles that wait to go out again before nothing new goes out.</summary>
    private const int WaitingWindowsMax = 4;

    private readonly Lock gate = new();
    private readonly Dictionary<long, TileTry> inFlight = [];
    private readonly RetryQueue again = new(done, time);
    private readonly Dictionary<long, TileFailed> failed = [];
    private long cursor;
    private bool stopped;

    /// <summary>Tiles that have failed for good.</summary>
    public IReadOnlyCollection<TileFailed> Failed => failed.Values;

    /// <summary>Most runs in flight. What is out stays out when it becomes less.</summary>
    public int WindowRuns { get; set; } = windowRuns;

    /// <summary>Nothing goes out meanwhile.</summary>
    public bool IsPaused { get; set; }

    public int InFlight => inFlight.Count;

    /// <summary>The same in runs, as if all of them were whole.</summary>
    public int RunsInFlight => (inFlight.Count + tilesPerRun - 1) / tilesPerRun;

    /// <summary>Nothing is out and nothing more will go out.</summary>
    public bool IsFinished => inFlight.Count == 0 && (stopped || (NextWait is null && NextFresh() < 0));

    /// <summary>Time after which there is a tile to send that has waited long enough; null when there is none to wait for.</summary>
    public TimeSpan? Wait => MaySend && HasRoom ? NextWait : null;

    private TimeSpan? NextWait
    {
        get
        {
            lock (gate)
            {
                return again.Wait;
            }
        }
    }

    private bool MaySend => !stopped && !IsPaused;

    private long WindowTiles => (long)tilesPerRun * WindowRuns;

    private bool HasRoom => inFlight.Count + tilesPerRun <= WindowTiles;

    /// <summary>Sends nothing more; what is out may still come back.</summary>
    public void Stop() => stopped = true;

    /// <summary>The tiles that are neither durable nor untouched.</summary>
    public TilesAside Look()
    {
        lock (gate)
        {
            return new TilesAside([.. inFlight.Keys], [.. again.Tiles], [.. failed.Values]);
        }
    }

    /// <summary>The runs to send now.</summary>
    public IEnumerable<TileRun> Refill()
    {
        lock (gate)
        {
            return [.. RunsToSend()];
        }
    }

    private IEnumerable<TileRun> RunsToSend()
    {
        while (MaySend && HasRoom)
        {
            if (again.TryTake(out TileTry next))
            {
                inFlight[next.Tile] = next;
                yield return new TileRun(next.Tile, 1, next.Attempt);
                continue;
            }

            if (again.Count >= WaitingWindowsMax * WindowTiles || !TryNextFresh(out TileRun run))
                yield break;
            for (long tile = run.First; tile < run.First + run.Count; tile++)
            {
                inFlight[tile] = new TileTry(tile, run.Attempt, Losses: 0, Postponed: 0);
            }

            yield return run;
        }
    }

    /// <summary>Tiles are durable. Being told again changes nothing.</summary>
    /// <returns>How many of them are news.</returns>
    public int Complete(long first, int count)
    {
        lock (gate)
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
    }

    /// <summary>
    /// A tile could not be computed: it goes out again, later when a worker said so, or counts as failed. An invalid request stops
    /// everything: every other tile would say the same.
    /// </summary>
    public void Fail(TileFailed failure)
    {
        lock (gate)
        {
            CountFailure(failure);
        }
    }

    private void CountFailure(TileFailed failure)
    {
        if (done.Contains(failure.Tile) || !inFlight.TryGetValue(failure.Tile, out TileTry tried) || tried.Attempt != failure.Attempt)
            return; // an answer to an earlier attempt
        inFlight.Remove(failure.Tile);
        if (failure.Kind != TileErrorKind.Transient)
            PutAside(failure);
        else if (failure.Worker.Length == 0)
            Lose(tried, () => failure);
        else if (failure.Postponed is true && tried.Postponed < RetryPolicy.PostponementsMax)
            again.Add(tried.AfterPostponement(), RetryPolicy.WaitAfterPostponement(tried.Postponed + 1));
        else if (tried.Errors < retries.AttemptsMax)
            again.Add(tried.AfterError(), RetryPolicy.WaitAfter(tried.Errors));
        else
            PutAside(failure);
        if (failure.Kind == TileErrorKind.Invalid)
            Stop();
    }

    /// <summary>Tiles in flight that are not durable go out again: their messages count as lost.</summary>
    /// <param name="giveUp">Makes the failure of a tile that has gone out often enough.</param>
    public void Resend(Func<long, int, TileFailed> giveUp)
    {
        lock (gate)
        {
            foreach (TileTry tried in inFlight.Values.ToArray())
            {
                inFlight.Remove(tried.Tile);
                if (!done.Contains(tried.Tile))
                    Lose(tried, () => giveUp(tried.Tile, tried.Attempt));
            }
        }
    }

    /// <summary>Tiles in flight that are not durable go out again, through no fault of theirs: what carried them was lost.</summary>
    public void Recall()
    {
        foreach (TileTry tried in inFlight.Values.ToArray())
        {
            inFlight.Remove(tried.Tile);
            if (!done.Contains(tried.Tile))
                again.Add(tried.AfterPostponement(), TimeSpan.Zero);
        }
    }

    private void Lose(TileTry tried, Func<TileFailed> failure)
    {
        if (tried.Losses + 1 < retries.LossesMax)
            again.Add(tried.AfterLoss(), TimeSpan.Zero);
        else
            PutAside(failure());
    }

    private void PutAside(TileFailed failure)
    {
        failed[failure.Tile] = failure;
        if (failed.Count >= FailedMax)
            Stop();
    }

    private long NextFresh() => done.NextMissing(cursor);

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
