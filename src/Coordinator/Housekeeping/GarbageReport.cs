namespace Upweave.Coordinator.Housekeeping;

/// <summary>What was found to be abandoned beside one output.</summary>
/// <param name="Output">Its path in the store.</param>
/// <param name="Plan">The plan's hash; null when its claim is gone.</param>
/// <param name="Published">The output is published and stays; only what was left beside it goes.</param>
/// <param name="Objects">Objects that go.</param>
/// <param name="Blocks">Staged blocks that go and are no objects of their own.</param>
/// <param name="Bytes">Of both.</param>
/// <param name="LastProgress">The time of the latest of the objects.</param>
public sealed record AbandonedJob(
    string Output, string? Plan, bool Published, long Objects, long Blocks, long Bytes, DateTimeOffset LastProgress);

/// <summary>What was looked at and stays though it is old.</summary>
/// <param name="Output">Its path in the store.</param>
/// <param name="Reason">Why.</param>
public sealed record LeftJob(string Output, string Reason);

/// <summary>What a collection has found.</summary>
/// <param name="DryRun">Nothing was removed.</param>
/// <param name="Removed">What was removed, or would be.</param>
/// <param name="Left">What somebody should look at.</param>
/// <param name="Recent">Jobs with recent progress, which nothing was done to.</param>
public sealed record GarbageReport(bool DryRun, IReadOnlyList<AbandonedJob> Removed, IReadOnlyList<LeftJob> Left, int Recent)
{
    /// <summary>Of all that was removed.</summary>
    public long Bytes => Removed.Sum(job => job.Bytes);
}
