using Upweave.Contracts.Messages;
using Upweave.Worker.Jobs;

namespace Upweave.Worker.Tiles;

/// <summary>Reports the tiles of a run in order: completed ones together, each failed one by itself.</summary>
public sealed class RunReport(ComputeTiles run, string worker, IWorkerMessages messages, TimeProvider time)
{
    private Task before = Task.CompletedTask;
    private long since = time.GetTimestamp();
    private long first = run.FirstTile;
    private int completed;
    private TileCosts costs = TileCosts.Zero;
    private SlowTile? slowest;

    private long Next => first + completed;

    /// <summary>Nothing is reported before this has ended: what it wrote after the end of the job would stay behind.</summary>
    public void Follow(Task work) => before = work;

    /// <summary>The next tile is durable.</summary>
    public void Complete(TileOutcome tile)
    {
        if (slowest is null || tile.Seconds > slowest.Seconds)
            slowest = new SlowTile(Next, tile.Seconds, tile.TraceId);
        completed++;
        costs += tile.Costs;
    }

    /// <summary>The next tile has failed.</summary>
    /// <param name="traceId">The trace of the attempt; null when that is not kept.</param>
    public async Task FailAsync(Exception error, string? traceId, CancellationToken cancellationToken)
    {
        await before;
        await FlushAsync(cancellationToken);
        TileFailed failed = new()
        {
            JobId = run.JobId,
            PlanHash = run.PlanHash,
            Stage = run.Stage,
            Level = run.Level,
            Tile = first++,
            Attempt = run.Attempt,
            Kind = TileErrors.KindOf(error),
            Message = TileErrors.MessageOf(error),
            Postponed = TileErrors.IsPostponed(error) ? true : null,
            ShortOfMemory = error is WorkerMemoryException ? true : null,
            Worker = worker,
            TraceId = traceId,
        };
        await messages.TileFailedAsync(failed, cancellationToken);
    }

    /// <summary>Every tile that has not been reported has failed.</summary>
    public async Task FailRestAsync(Exception error, CancellationToken cancellationToken)
    {
        while (Next < run.FirstTile + run.TileCount)
        {
            await FailAsync(error, traceId: null, cancellationToken);
        }
    }

    /// <summary>Reports what has been completed since the last time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (completed == 0)
            return;
        await before;
        TilesCompleted done = new()
        {
            JobId = run.JobId,
            PlanHash = run.PlanHash,
            Stage = run.Stage,
            Level = run.Level,
            FirstTile = first,
            TileCount = completed,
            Costs = costs,
            HeldSeconds = time.GetElapsedTime(since).TotalSeconds,
            Worker = worker,
            Slowest = slowest,
        };
        first += completed;
        completed = 0;
        costs = TileCosts.Zero;
        slowest = null;
        since = time.GetTimestamp();
        await messages.TilesCompletedAsync(done, cancellationToken);
    }
}
