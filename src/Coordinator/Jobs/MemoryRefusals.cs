using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// Tells a worker that has too little memory for a job from a fleet of such workers. How often one tile was refused says nothing: those
/// who refuse are there at once, and those who compute are busy. But while a worker can compute the job's tiles, one of them is
/// done, or fails by something else, in the time that any may take.
/// </summary>
/// <param name="patience">That time.</param>
internal sealed class MemoryRefusals(TimeSpan patience, TimeProvider time)
{
    private long? since;

    /// <summary>Somebody has enough memory, or nothing is sent out.</summary>
    public void Forget() => since = null;

    /// <summary>A failure as it counts: for good, when nobody but workers with too little memory has answered for long enough.</summary>
    public TileFailed Judge(TileFailed failed)
    {
        if (failed.ShortOfMemory is not true)
        {
            Forget();
            return failed;
        }

        since ??= time.GetTimestamp();
        return time.GetElapsedTime(since.Value) < patience ? failed : failed with
        {
            Kind = TileErrorKind.Invalid,
            Postponed = null,
            Message = $"For {patience.TotalMinutes:0} minutes only workers with too little memory have answered. {failed.Message}",
        };
    }
}
