namespace Upweave.Coordinator.Insight;

/// <summary>What a worker has done for a job.</summary>
/// <param name="Name">Empty for all those together that have no number of their own.</param>
/// <param name="Tiles">That it has completed.</param>
/// <param name="HeardSeconds">When it was last heard of, from the beginning of the job's run on.</param>
public sealed record WorkerNote(string Name, long Tiles, double HeardSeconds);
