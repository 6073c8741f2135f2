using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.Storage.Arrays;

namespace Upweave.Coordinator.Tests.Fleet;

/// <summary>
/// A broker and thousands of workers in simulated time. A worker takes the run that has waited longest, holds it for some seconds and
/// reports it; some die instead, and the broker delivers their runs again, or gives a run up that was delivered too often. Some reports
/// are lost, some come twice. The coordinator's own code is on the other side.
/// </summary>
internal sealed class FleetBus(long tiles, int workers, FleetTime time, int seed) : IJobMessages
{
    /// <summary>As TileQueue has it.</summary>
    private const int DeliveriesMax = 6;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.25);

    private readonly Random random = new(seed);
    private readonly Lock gate = new();
    private readonly Queue<(ComputeTiles Run, int Deliveries)> waiting = [];
    private readonly PriorityQueue<(ComputeTiles Run, int Deliveries), TimeSpan> inWork = new();
    private readonly TileSet reported = new(tiles);
    private TimeSpan now;

    public JobRun Job { get; set; } = null!;

    public object? End { get; private set; }

    public long Messages { get; private set; }

    public long Deaths { get; private set; }

    public long LostReports { get; private set; }

    /// <summary>The most workers that had a run at the same time.</summary>
    public int BusyMax { get; private set; }

    /// <summary>The most runs that waited in the queue.</summary>
    public int WaitingMax { get; private set; }

    public TimeSpan Now => now;

    public Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            waiting.Enqueue((run, 0));
            WaitingMax = Math.Max(WaitingMax, waiting.Count);
            Messages++;
        }

        return Task.CompletedTask;
    }

    public Task AnnounceAsync(object happened, CancellationToken cancellationToken)
    {
        if (happened is not JobProgressed)
            End = happened;
        return Task.CompletedTask;
    }

    /// <summary>Lets time pass until the job has ended.</summary>
    /// <param name="afterTick">Told how much is done.</param>
    public async Task PlayAsync(Action<long> afterTick, CancellationToken cancellationToken)
    {
        while (End is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Take();
            now += Tick;
            long timers = time.Timers;
            bool isNews = false;
            while (inWork.TryPeek(out _, out TimeSpan due) && due <= now)
            {
                (ComputeTiles run, int deliveries) = inWork.Dequeue();
                isNews |= await FinishAsync(run, deliveries, cancellationToken);
            }

            while (End is null && isNews && (time.Timers == timers || Job.Status.Progress.TilesDone < reported.Count))
            {
                await time.TimerAsync(cancellationToken); // the job has not read all of it yet
            }

            time.Advance(Tick);
            if (inWork.Count == 0)
                await time.TimerAsync(cancellationToken); // nothing happens but time: the job finds out by its own clock
            afterTick(reported.Count);
        }
    }

    private void Take()
    {
        lock (gate)
        {
            while (inWork.Count < workers && waiting.TryDequeue(out (ComputeTiles Run, int Deliveries) next))
            {
                TimeSpan held = TimeSpan.FromSeconds(0.5 + random.NextDouble());
                inWork.Enqueue((next.Run, next.Deliveries + 1), now + held);
            }

            BusyMax = Math.Max(BusyMax, inWork.Count);
        }
    }

    /// <returns>Whether the job was told of it.</returns>
    private async Task<bool> FinishAsync(ComputeTiles run, int deliveries, CancellationToken cancellationToken)
    {
        Messages++;
        int chance = random.Next(1000);
        if (chance < 20)
        {
            Deaths++;
            if (deliveries < DeliveriesMax)
            {
                lock (gate)
                {
                    waiting.Enqueue((run, deliveries));
                }

                return false;
            }

            for (long tile = run.FirstTile; tile < run.FirstTile + run.TileCount; tile++)
            {
                await Job.PostAsync(FailureOf(run, tile), cancellationToken);
            }

            return true;
        }

        if (chance < 21)
        {
            LostReports++; // the store is what would know of it; here nobody does, and the tiles are computed again
            return false;
        }

        for (int times = chance < 40 ? 2 : 1; times > 0; times--)
        {
            await Job.PostAsync(ReportOf(run), cancellationToken);
        }

        for (long tile = run.FirstTile; tile < run.FirstTile + run.TileCount; tile++)
        {
            reported.Add(tile);
        }

        return true;
    }

    private static TilesCompleted ReportOf(ComputeTiles run) => new()
    {
        JobId = run.JobId,
        PlanHash = run.PlanHash,
        Stage = run.Stage,
        FirstTile = run.FirstTile,
        TileCount = run.TileCount,
        Costs = new TileCosts(0.1, 0.8, 0.1, 100, 100),
        HeldSeconds = 1,
        Worker = "w",
    };

    private static TileFailed FailureOf(ComputeTiles run, long tile) => new()
    {
        JobId = run.JobId,
        PlanHash = run.PlanHash,
        Stage = run.Stage,
        Tile = tile,
        Attempt = run.Attempt,
        Kind = TileErrorKind.Transient,
        Message = "Every worker that took the tile was lost.",
        Worker = "",
    };
}
