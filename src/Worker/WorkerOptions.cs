namespace Upweave.Worker;

/// <summary>The bounds of one worker process.</summary>
public sealed class WorkerOptions
{
    /// <summary>Name of the worker in events and logs.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Tiles computed at the same time, each on one thread.</summary>
    public int Slots { get; set; } = Environment.ProcessorCount;

    /// <summary>Memory for tiles and weights.</summary>
    public long MemoryBytes { get; set; } = 2L << 30;

    /// <summary>It draws small pictures of inputs, for people who look at jobs.</summary>
    public bool DrawsPreviews { get; set; }
}
