using Upweave.Contracts.Messages;
using Upweave.Coordinator.Insight;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Http;

/// <summary>What goes on in a job, or went on until it ended.</summary>
public sealed record JobActivity
{
    /// <summary>When it was accepted, taken over or tried again.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its trace, in W3C's 32 hexadecimal digits; null when that is not kept.</summary>
    public string? TraceId { get; init; }

    /// <summary>Tiles with workers, or waiting for one in the queue.</summary>
    public required int TilesOut { get; init; }

    /// <summary>Tiles that have failed and wait to be tried again.</summary>
    public required int TilesAgain { get; init; }

    /// <summary>Tiles that have failed for good.</summary>
    public required int TilesFailed { get; init; }

    /// <summary>Of the last seconds; 0 when it does not run.</summary>
    public required double TilesPerSecond { get; init; }

    /// <summary>At this rate; null when it is not known.</summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>Tiles completed in each step of the run; the last one is not over yet.</summary>
    public required IReadOnlyList<long> Steps { get; init; }

    public required double StepSeconds { get; init; }

    public required IReadOnlyList<WorkerNote> Workers { get; init; }

    public required IReadOnlyList<TileNote> Slowest { get; init; }

    /// <summary>Those that have failed for good, then those that are tried again; at most 100.</summary>
    public required IReadOnlyList<TileNote> Failures { get; init; }

    /// <summary>Slices of the map of tiles, at full resolution.</summary>
    public required int Slices { get; init; }

    /// <summary>The resolutions, the full one first; null when there is no other.</summary>
    public IReadOnlyList<MapLevel>? Levels { get; init; }

    /// <summary>Another number when the map may have changed.</summary>
    public required long MapVersion { get; init; }

    /// <summary>Planes of the small picture of the input, one below the other, first to last along z; 0 where there is none.</summary>
    public required int PreviewPlanes { get; init; }

    public static JobActivity Of(JobStatus status, JobInsight insight)
    {
        InsightView view = insight.Look(status.Progress.Elapsed);
        bool hasTiles = status.Progress.Stage is not (JobStage.Ingest or JobStage.Export);
        IReadOnlyList<TileMapShape> maps = insight.Levels;
        TilesAside aside = hasTiles ? view.Aside : TilesAside.None;
        bool isRunning = status.State == JobState.Running;
        long left = status.Progress.TileCount - status.Progress.TilesDone;
        return new JobActivity
        {
            StartedAt = insight.StartedAt,
            TraceId = insight.TraceId,
            TilesOut = isRunning ? aside.Out.Count : 0,
            TilesAgain = isRunning ? aside.Again.Count : 0,
            TilesFailed = aside.Failed.Count,
            TilesPerSecond = isRunning ? view.TilesPerSecond : 0,
            RemainingSeconds = isRunning && !status.Paused && left > 0 && view.TilesPerSecond > 0 ? left / view.TilesPerSecond : null,
            Steps = view.Steps,
            StepSeconds = view.StepSeconds,
            Workers = view.Workers,
            Slowest = view.Slowest,
            Failures = view.Failures,
            Slices = maps[0].Cells[0],
            Levels = maps.Count == 1 ? null : [.. maps.Select(map => new MapLevel(map.Grid.Shape.ToArray(), map.Cells[0]))],
            MapVersion = insight.Version,
            PreviewPlanes = insight.Preview.Planes,
        };
    }
}
