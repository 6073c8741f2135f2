using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Insight;

/// <summary>
/// What people may want to see of a job beside its progress: a map of its tiles, what failed and what was slow, who works, how fast.
/// Bounded, whatever the job. Safe for concurrent use: the job tells, people look.
/// </summary>
public sealed class JobInsight
{
    /// <summary>The most failures that are kept and shown.</summary>
    public const int FailuresMax = 100;

    private readonly Lock gate = new();
    private readonly TileMap map;
    private readonly WorkerNotes workers = new();
    private readonly Throughput throughput = new();
    private readonly SlowestTiles slowest = new();
    private readonly OrderedDictionary<(JobStage Stage, int? Level, long Tile), TileFailed> failures = [];
    private DispatchWindow? window;
    private JobStage stage;
    private TilesAside aside = TilesAside.None;
    private long version;

    /// <param name="output">Where the plan's output goes.</param>
    public JobInsight(JobPlan plan, PlanGeometry geometry, StoreLocation output, TimeProvider time)
    {
        Preview = new InputPreview(output, plan.Hash, JobPreview.PlanesOf(geometry));
        map = new TileMap(new TileMapShape(geometry.Tiles, plan.Output.Axes));
        StartedAt = time.GetUtcNow();
    }

    public DateTimeOffset StartedAt { get; }

    /// <summary>The job's trace, in W3C's 32 hexadecimal digits; null when it is not kept.</summary>
    public string? TraceId { get; set; }

    /// <summary>What lies behind the map.</summary>
    public InputPreview Preview { get; }

    /// <summary>Slices of the map.</summary>
    public int Slices => map.Shape.Cells[0];

    /// <summary>Another one when something has happened.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>A stage begins.</summary>
    /// <param name="tiles">Those that are durable.</param>
    public void Begin(JobStage begun, TileSet tiles, DispatchWindow itsWindow)
    {
        lock (gate)
        {
            (stage, window, aside) = (begun, itsWindow, TilesAside.None);
            if (stage == JobStage.Compute)
                map.Load(tiles);
            version++;
        }
    }

    /// <summary>The job has ended; how the tiles of its last stage stand is kept.</summary>
    public void End()
    {
        lock (gate)
        {
            aside = window?.Look() ?? aside;
            window = null;
            version++;
        }
    }

    /// <summary>Something has gone out or come back that changes no count.</summary>
    public void Touch() => Interlocked.Increment(ref version);

    /// <summary>Tiles were found in the store.</summary>
    public void Recount(TileSet tiles)
    {
        lock (gate)
        {
            if (stage == JobStage.Compute)
                map.Load(tiles);
            version++;
        }
    }

    /// <summary>A run of tiles is durable.</summary>
    /// <param name="before">The tiles that were before.</param>
    /// <param name="elapsed">Since the run of the job began.</param>
    public void Complete(TilesCompleted run, TileSet before, TimeSpan elapsed)
    {
        lock (gate)
        {
            long[] news = [.. Enumerable.Range(0, run.TileCount).Select(at => run.FirstTile + at).Where(tile => !before.Contains(tile))];
            byte worker = workers.Hear(run.Worker, news.Length, elapsed);
            double each = (run.Costs.ReadSeconds + run.Costs.ComputeSeconds + run.Costs.WriteSeconds) / Math.Max(1, run.TileCount);
            SlowTile slow = run.Slowest ?? new SlowTile(run.FirstTile, each);
            if (stage == JobStage.Compute)
                Array.ForEach(news, tile => map.Complete(tile, tile == slow.Tile ? slow.Seconds : each, worker));
            if (news.Length > 0 && slowest.Takes(slow.Seconds))
                slowest.Add(NoteOf(run.Stage, run.Level, slow.Tile, run.Worker, slow.TraceId) with { Seconds = slow.Seconds });
            Array.ForEach(news, tile => failures.Remove((run.Stage, run.Level, tile)));
            throughput.Add(elapsed, news.Length);
            version++;
        }
    }

    /// <summary>An attempt at a tile has failed.</summary>
    public void Fail(TileFailed failed)
    {
        lock (gate)
        {
            failures.Remove((failed.Stage, failed.Level, failed.Tile));
            failures.Add((failed.Stage, failed.Level, failed.Tile), failed);
            if (failures.Count > FailuresMax)
                failures.RemoveAt(0);
            version++;
        }
    }

    /// <summary>How it stands.</summary>
    /// <param name="elapsed">Since the run of the job began.</param>
    public InsightView Look(TimeSpan elapsed)
    {
        lock (gate)
        {
            TilesAside now = window?.Look() ?? aside;
            HashSet<(JobStage, int?, long)> final = [.. now.Failed.Select(failed => (failed.Stage, failed.Level, failed.Tile))];
            IEnumerable<TileFailed> all = now.Failed.OrderBy(failed => failed.Tile)
                .Concat(failures.Values.Reverse().Where(failed => !final.Contains((failed.Stage, failed.Level, failed.Tile))));
            return new InsightView
            {
                Aside = now,
                TilesPerSecond = throughput.Rate(elapsed),
                Steps = throughput.Steps(elapsed),
                StepSeconds = throughput.StepSeconds,
                Workers = workers.List(),
                Slowest = slowest.List(),
                Failures =
                [
                    .. all.Take(FailuresMax).Select(failed =>
                        NoteOf(failed.Stage, failed.Level, failed.Tile, failed.Worker, failed.TraceId) with
                        {
                            Message = failed.Message,
                            Kind = failed.Kind,
                            Attempt = failed.Attempt,
                            IsFinal = final.Contains((failed.Stage, failed.Level, failed.Tile)),
                        }),
                ],
            };
        }
    }

    /// <summary>A slice of the map.</summary>
    /// <param name="slice">From 0 to <see cref="Slices"/>, exclusive.</param>
    public TileMapAnswer Draw(int slice)
    {
        lock (gate)
        {
            return map.Draw(slice, stage != JobStage.Compute ? TilesAside.None : window?.Look() ?? aside, workers.Names);
        }
    }

    private TileNote NoteOf(JobStage itsStage, int? level, long tile, string worker, string? traceId) => new()
    {
        Tile = tile,
        Stage = itsStage,
        Level = level,
        Box = itsStage == JobStage.Compute ? map.Shape.BoxOf(tile) : null,
        Worker = worker,
        TraceId = traceId,
    };
}
