using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

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
    private readonly TileMap[] maps;
    private readonly WorkerNotes workers = new();
    private readonly Throughput throughput = new();
    private readonly SlowestTiles slowest = new();
    private readonly OrderedDictionary<(JobStage Stage, int? Level, long Tile), TileFailed> failures = [];
    private DispatchWindow? window;
    private JobStage stage;
    private int? stageLevel;
    private TilesAside aside = TilesAside.None;
    private long version;

    /// <param name="output">Where the plan's output goes.</param>
    public JobInsight(JobPlan plan, PlanGeometry geometry, StoreLocation output, TimeProvider time)
    {
        Preview = new InputPreview(output, plan.Hash, JobPreview.PlanesOf(geometry));
        Dims[] shapes = [geometry.Tiles.Shape, .. geometry.Pyramid.Select(level => level.Shape)];
        maps =
        [
            .. shapes.Select((shape, level) => new TileMap(new TileMapShape(
                new TileGrid(shape, geometry.Tiles.Tile), plan.Output.Axes, Math.Max(1, TileMapShape.CellsMax >> level)))),
        ];
        StartedAt = time.GetUtcNow();
    }

    public DateTimeOffset StartedAt { get; }

    /// <summary>The job's trace, in W3C's 32 hexadecimal digits; null when it is not kept.</summary>
    public string? TraceId { get; set; }

    /// <summary>What lies behind the map.</summary>
    public InputPreview Preview { get; }

    /// <summary>The maps of its resolutions, the full one first.</summary>
    public IReadOnlyList<TileMapShape> Levels => [.. maps.Select(map => map.Shape)];

    /// <summary>Another one when something has happened.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>A stage begins.</summary>
    /// <param name="itsLevel">The lower resolution that its tiles are of; null for all other stages.</param>
    /// <param name="tiles">Those that are durable.</param>
    public void Begin(JobStage begun, int? itsLevel, TileSet tiles, DispatchWindow itsWindow)
    {
        lock (gate)
        {
            (stage, stageLevel, window, aside) = (begun, itsLevel, itsWindow, TilesAside.None);
            MapOf(stage, stageLevel)?.Load(tiles);
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
            MapOf(stage, stageLevel)?.Load(tiles);
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
            TileMap? map = MapOf(run.Stage, run.Level);
            Array.ForEach(news, tile => map?.Complete(tile, tile == slow.Tile ? slow.Seconds : each, worker));
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

    /// <summary>A slice of the map of a resolution.</summary>
    /// <param name="level">0 is the full one.</param>
    /// <param name="slice">One of those that its shape has.</param>
    public TileMapAnswer Draw(int level, int slice)
    {
        lock (gate)
        {
            bool isAtWork = MapOf(stage, stageLevel) == maps[level];
            TileMapAnswer drawn = maps[level].Draw(slice, isAtWork ? window?.Look() ?? aside : TilesAside.None, workers.Names);
            return level == 0 ? drawn : drawn with { Level = level };
        }
    }

    /// <summary>Null for what has no tiles.</summary>
    private TileMap? MapOf(JobStage itsStage, int? level) => itsStage switch
    {
        JobStage.Compute => maps[0],
        JobStage.Pyramid => maps[level!.Value],
        _ => null,
    };

    private TileNote NoteOf(JobStage itsStage, int? level, long tile, string worker, string? traceId) => new()
    {
        Tile = tile,
        Stage = itsStage,
        Level = level,
        Box = itsStage == JobStage.Compute ? maps[0].Shape.BoxOf(tile) : null,
        Worker = worker,
        TraceId = traceId,
    };
}
