using Upweave.Contracts.Messages;

namespace Upweave.Worker.Tiles;

/// <summary>Reports the tiles of a run in order: completed ones together, each failed one by itself.</summary>
public sealed class RunReport(ComputeTiles run, string worker, IWorkerMessages messages, TimeProvider time)
{
    private long since = time.GetTimestamp();
    private long first = run.FirstTile;
    private int completed;
    private TileCosts costs = TileCosts.Zero;

    private long Next => first + completed;

    /// <summary>The next tile is durable.</summary>
    public void Complete(TileCosts tileCosts)
    {
        completed++;
        costs += tileCosts;
    }

    /// <summary>The next tile has failed.</summary>
    public async Task FailAsync(Exception error, CancellationToken cancellationToken)
    {
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
            Worker = worker,
        };
        await messages.TileFailedAsync(failed, cancellationToken);
    }

    /// <summary>Every tile that has not been reported has failed.</summary>
    public async Task FailRestAsync(Exception error, CancellationToken cancellationToken)
    {
        while (Next < run.FirstTile + run.TileCount)
        {
            await FailAsync(error, cancellationToken);
        }
    }

    /// <summary>Reports what has been completed since the last time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (completed == 0)
            return;
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
        };
        first += completed;
        completed = 0;
        costs = TileCosts.Zero;
        since = time.GetTimestamp();
        await messages.TilesCompletedAsync(done, cancellationToken);
    }
}
