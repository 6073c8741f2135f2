namespace Upweave.Coordinator;

/// <summary>What the coordinator must know of the fleet, and its bounds.</summary>
public sealed class CoordinatorOptions
{
    /// <summary>Slots that a deployment may grow to without jobs of few tiles being handed out in too large pieces.</summary>
    public const int SlotsOfAFleet = 64;

    /// <summary>
    /// The window for a fleet: enough runs for some thousand slots. How many of them are out is what the fleet does in some seconds, so
    /// that cancelling is prompt and jobs take turns; this bounds the memory that they take.
    /// </summary>
    public const int FleetWindowRuns = 16_384;

    /// <summary>Attempts for a fleet: with the waits in between, a store that is away for two minutes costs no tile.</summary>
    public const int FleetAttemptsMax = 6;

    /// <summary>Memory that one worker process may use for tiles and weights; a plan that needs more is refused.</summary>
    public long WorkerMemoryBytes { get; set; } = 2L << 30;

    /// <summary>Tiles that one worker process computes at the same time.</summary>
    public int WorkerSlots { get; set; } = Environment.ProcessorCount;

    /// <summary>Slots of all workers together that a job should be able to keep busy; null for those of one worker.</summary>
    public int? FleetSlots { get; set; }

    /// <summary>Runs of tiles that a job has in the queue or in work at the same time.</summary>
    public int WindowRuns { get; set; } = 4 * Environment.ProcessorCount;

    /// <summary>Attempts of a tile that may end with a transient error before it counts as failed.</summary>
    public int AttemptsMax { get; set; } = 3;

    /// <summary>Attempts of a tile that nobody may answer before it counts as failed: it is what its workers die of.</summary>
    public int LossesMax { get; set; } = 3;
}
