using System.Runtime.CompilerServices;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Housekeeping;

/// <summary>
/// Finds and removes what abandoned jobs have left in a store: claims, scratch, staged blocks and parts. A job is abandoned when nothing
/// of it has changed for some time: a job that a coordinator has, paused or not, is marked once a minute. What is published is never
/// touched, and no coordinator is asked.
/// </summary>
/// <param name="age">Time without a change after which a job counts as abandoned.</param>
public sealed class GarbageCollector(TimeSpan age, bool dryRun)
{
    /// <summary>The least age, but for zero: several times what lies between two marks of a job, and what taking over takes.</summary>
    public static readonly TimeSpan AgeMin = 5 * SignOfLife.Period;

    /// <summary>Objects at the root of a tree, any of which makes it one for readers.</summary>
    private static readonly string[] Publishing = ["zarr.json", ".zarray", ".zgroup"];

    private readonly List<AbandonedJob> removed = [];
    private readonly List<LeftJob> left = [];
    private int recent;

    /// <summary>Looks through a folder of a store, or through all of it, and removes what is abandoned unless this is a dry run.</summary>
    /// <param name="folder">An empty path stands for the whole store.</param>
    public async Task<GarbageReport> RunAsync(StoreLocation folder, CancellationToken cancellationToken)
    {
        DateTimeOffset before = await folder.Store.GetTimeAsync(cancellationToken) - age;
        OrphanCollector orphans = new(before, dryRun);
        IAsyncEnumerable<ObjectInfo> listed = orphans.FollowAsync(
            folder.Store.ListAsync(folder.Path, cancellationToken), cancellationToken);
        foreach (JobRemains remains in await JobRemains.FindAsync(listed, cancellationToken))
        {
            orphans.LeaveOut(remains.Output);
            await CollectAsync(new StoreLocation(folder.Store, remains.Output), remains, before, cancellationToken);
        }

        await foreach (AbandonedJob orphan in orphans.CollectAsync(folder, cancellationToken))
        {
            removed.Add(orphan);
        }

        return new GarbageReport(dryRun, [.. removed], [.. left], recent);
    }

    private async Task CollectAsync(
        StoreLocation output, JobRemains remains, DateTimeOffset before, CancellationToken cancellationToken)
    {
        JobPlan? plan = null;
        try
        {
            if (remains.Plan is { } claim)
                plan = await PlanStore.ReadAsync(output, claim, cancellationToken);
        }
        catch (Exception error) when (error is CorruptDataException or ObjectChangedException)
        {
            left.Add(new LeftJob(output.Path, error.Message));
            return;
        }

        string[] owners = plan is null ? [.. remains.Owners] : [.. remains.Owners.Append(plan.Hash).Distinct()];
        List<ObjectInfo> parts = await PartsAsync(output, owners, cancellationToken).ToListAsync(cancellationToken);
        DateTimeOffset latest = remains.Objects.Concat(parts).Max(info => info.LastModified);
        if (latest > before)
        {
            recent++;
            return;
        }

        JobOutput? result = plan is null ? null : new JobOutput(plan, new PlanGeometry(plan), output);
        bool isPublished = result is not null && await result.IsCommittedAsync(cancellationToken);
        if (isPublished || await IsTreeAsync(output, cancellationToken))
            parts.Clear(); // they may belong to what is published
        (long blocks, long blockBytes) = isPublished ? (0, 0) : await BlocksAsync(output, owners, cancellationToken);
        if (await IsAliveAsync(output, owners, before, cancellationToken))
        {
            recent++;
            return;
        }

        long bytes = remains.Objects.Concat(parts).Sum(info => info.Length) + blockBytes;
        removed.Add(new AbandonedJob(
            output.Path, plan?.Hash, isPublished, remains.Objects.Count + parts.Count, blocks, bytes, latest));
        if (!dryRun)
            await RemoveAsync(output, remains, owners, isPublished ? [] : parts, isPublished, cancellationToken);
    }

    /// <summary>
    /// The claim first, if it is still the one that was read: whoever resumes the job from now on finds none and plans anew. Then what only
    /// the plans that are gone could have put there.
    /// </summary>
    private static async Task RemoveAsync(
        StoreLocation output, JobRemains remains, IReadOnlyList<string> owners, IReadOnlyList<ObjectInfo> parts, bool isPublished,
        CancellationToken cancellationToken)
    {
        if (remains.Plan is { } claim && !await output.Store.DeleteAsync(claim.Path, claim.ETag, cancellationToken))
            return;

        foreach (string owner in isPublished ? [] : owners)
        {
            await output.Store.StageFile(output.Path, owner).DiscardAsync(cancellationToken);
        }

        // What is not listed, such as half-written files of a local store, goes with the folders.
        foreach (string owner in owners)
        {
            await output.Store.DeleteAllAsync(JobPaths.ScratchInput(output.Path, owner), cancellationToken);
            await output.Store.DeleteAllAsync(JobPaths.ScratchOutput(output.Path, owner), cancellationToken);
        }

        foreach (ObjectInfo info in parts.Concat(remains.Objects))
        {
            await output.Store.DeleteAsync(info.Path, cancellationToken);
        }
    }

    /// <summary>Looks once more: since all was listed, which may take long, somebody may have taken the job up again.</summary>
    private static async Task<bool> IsAliveAsync(
        StoreLocation output, IReadOnlyList<string> owners, DateTimeOffset before, CancellationToken cancellationToken)
    {
        foreach (string owner in owners)
        {
            ObjectInfo? mark = await output.Store.StatAsync(JobPaths.SignOfLife(output.Path, owner), cancellationToken);
            if (mark?.LastModified > before)
                return true;
        }

        return false;
    }

    /// <summary>Parts of a tree that lie at their final places before it is published.</summary>
    private static async IAsyncEnumerable<ObjectInfo> PartsAsync(
        StoreLocation output, IReadOnlyCollection<string> owners, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectInfo info in output.Store.ListAsync(output.Path, cancellationToken))
        {
            if (info.Owner is { } owner && owners.Contains(owner))
                yield return info;
        }
    }

    private static async Task<bool> IsTreeAsync(StoreLocation output, CancellationToken cancellationToken)
    {
        foreach (string key in Publishing)
        {
            if (await output.Store.StatAsync($"{output.Path}/{key}", cancellationToken) is not null)
                return true;
        }

        return false;
    }

    /// <summary>Staged blocks where they are no objects beside the output, and so have not been counted yet.</summary>
    private static async Task<(long Count, long Bytes)> BlocksAsync(
        StoreLocation output, IReadOnlyList<string> owners, CancellationToken cancellationToken)
    {
        long count = 0;
        long bytes = 0;
        foreach (string owner in output.Store.BlocksKept is null ? [] : owners)
        {
            IStagedFile staged = output.Store.StageFile(output.Path, owner);
            if (await staged.IsCommittedAsync(cancellationToken))
                continue;
            IReadOnlyList<StagedBlock> placed = await staged.ListAsync(cancellationToken);
            IReadOnlyList<FloatingBlock> floating = await staged.ListFloatingAsync(cancellationToken);
            count += placed.Count + floating.Count;
            bytes += placed.Sum(block => (long)block.Length) + floating.Sum(block => (long)block.Length);
        }

        return (count, bytes);
    }
}
