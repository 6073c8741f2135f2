using Microsoft.Extensions.Time.Testing;
using Upweave.Coordinator.Jobs;
using Upweave.Storage.Arrays;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>
/// A fleet on one queue that is first come, first served, as the broker's is, in simulated time: each lane takes the oldest run and
/// holds it for a fixed time. Jobs decide by the coordinator's own code what to send, when one of their runs has come back.
/// </summary>
internal sealed class FleetModel
{
    private readonly FakeTimeProvider time = new();
    private readonly Queue<(Job Job, TileRun Run)> queue = [];
    private readonly PriorityQueue<(Job Job, TileRun Run), TimeSpan> inWork = new();
    private readonly WindowShares shares;
    private TimeSpan now;
    private int lanes;

    public FleetModel(int lanes, TimeSpan held, int workerSlots)
    {
        this.lanes = lanes;
        Held = held;
        shares = new WindowShares(new FleetPace(
            new CoordinatorOptions { WindowRuns = CoordinatorOptions.FleetWindowRuns, WorkerSlots = workerSlots }, time));
    }

    public TimeSpan Held { get; }

    /// <summary>Time that lanes stood still, all of them together.</summary>
    public TimeSpan Idle { get; private set; }

    /// <summary>Runs that wait or are in work.</summary>
    public int Out => queue.Count + inWork.Count;

    public Job Submit(long tiles, int priority)
    {
        Job job = new(tiles, shares.Join(priority), now, time);
        Send(job);
        return job;
    }

    public void Grow(int more)
    {
        lanes += more;
        Take();
    }

    public void RunFor(TimeSpan span)
    {
        TimeSpan end = now + span;
        while (inWork.TryPeek(out _, out TimeSpan due) && due <= end)
        {
            Pass(due);
            (Job job, TileRun run) = inWork.Dequeue();
            shares.Hear(Held.TotalSeconds);
            job.Complete(run, now);
            Send(job);
        }

        Pass(end);
    }

    private void Pass(TimeSpan to)
    {
        Idle += (to - now) * (lanes - inWork.Count);
        time.Advance(to - now);
        now = to;
    }

    private void Send(Job job)
    {
        foreach (TileRun run in job.Refill())
        {
            queue.Enqueue((job, run));
        }

        Take();
    }

    private void Take()
    {
        while (inWork.Count < lanes && queue.TryDequeue(out (Job Job, TileRun Run) next))
        {
            next.Job.Started ??= now - next.Job.Submitted;
            inWork.Enqueue(next, now + Held);
        }
    }

    internal sealed class Job(long tiles, WindowShares.Share share, TimeSpan submitted, TimeProvider time)
    {
        private readonly DispatchWindow window = new(new TileSet(tiles), tilesPerRun: 1, share.Runs, new RetryPolicy(3, 3), time);

        public TimeSpan Submitted { get; } = submitted;

        /// <summary>From the submission to the first tile in work.</summary>
        public TimeSpan? Started { get; set; }

        /// <summary>From the submission to the last tile.</summary>
        public TimeSpan? Ended { get; private set; }

        public long Done { get; private set; }

        public IReadOnlyList<TileRun> Refill()
        {
            window.WindowRuns = share.Runs;
            TileRun[] runs = [.. window.Refill()];
            share.Out = window.RunsInFlight;
            return runs;
        }

        public void Complete(TileRun run, TimeSpan now)
        {
            Done += window.Complete(run.First, run.Count);
            if (!window.IsFinished)
                return;
            Ended = now - Submitted;
            share.Dispose();
        }
    }
}
