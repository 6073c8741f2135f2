namespace Upweave.Coordinator.Jobs;

/// <summary>Consecutive tiles that are sent out together.</summary>
/// <param name="Attempt">1 for the first time.</param>
public readonly record struct TileRun(long First, int Count, int Attempt);
