using System.Buffers;
using System.Runtime.CompilerServices;
using Upweave.Planning;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Housekeeping;

/// <summary>
/// Finds blocks and parts of outputs that no claim is left of, such as those that a worker has written after its job was cancelled. A
/// job claims its output before anything is written, so without a claim nobody needs them.
/// </summary>
internal sealed class OrphanCollector(DateTimeOffset before, bool dryRun)
{
    private static readonly string[] Publishing = ["zarr.json", ".zarray", ".zgroup"];

    /// <summary>Outputs that are put together of objects end so. A file that is published whole carries its plan's mark as well.</summary>
    private const string TreeSuffix = ".zarr";

    private static readonly SearchValues<char> ChunkName = SearchValues.Create("0123456789.");

    private readonly Dictionary<(string Folder, string Owner), (long Objects, long Bytes, DateTimeOffset Latest)> parts = [];
    private readonly HashSet<string> kept = [];

    /// <summary>Looks at everything that is listed on the way, and passes it on.</summary>
    public async IAsyncEnumerable<ObjectInfo> FollowAsync(
        IAsyncEnumerable<ObjectInfo> listed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectInfo info in listed.WithCancellation(cancellationToken))
        {
            Note(info);
            yield return info;
        }
    }

    /// <summary>Leaves an output to whoever has found what its job has left.</summary>
    public void LeaveOut(string output) => kept.Add(output);

    /// <summary>Removes what nobody needs, unless this is a dry run.</summary>
    /// <param name="folder">What has been listed.</param>
    public async IAsyncEnumerable<AbandonedJob> CollectAsync(
        StoreLocation folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (((string path, string owner), (long objects, long bytes, DateTimeOffset latest)) in parts.OrderBy(part => part.Key.Folder))
        {
            if (latest > before || Ancestors(path).Any(kept.Contains) || await IsClaimedAsync(folder.Store, path, cancellationToken))
                continue;
            if (!dryRun)
                await RemoveAsync(folder.Store, path, owner, cancellationToken);
            yield return new AbandonedJob(path, owner, Published: false, objects, Blocks: 0, bytes, latest);
        }

        await foreach (StagedRemains staged in folder.Store.ListStagedAsync(folder.Path, cancellationToken))
        {
            if (kept.Contains(staged.Path) || await folder.Store.StatAsync(JobPaths.Plan(staged.Path), cancellationToken) is not null)
                continue;
            if (!dryRun)
                await folder.Store.StageFile(staged.Path, staged.Owner).DiscardAsync(cancellationToken);
            yield return new AbandonedJob(staged.Path, staged.Owner, Published: false, Objects: 0, staged.Blocks, staged.Bytes, before);
        }
    }

    private void Note(ObjectInfo info)
    {
        int end = info.Path.LastIndexOf('/');
        if (end < 0)
            return;
        string folder = info.Path[..end];
        string name = info.Path[(end + 1)..];
        if (Publishing.Contains(name))
            kept.Add(folder);
        bool isOfATree = Ancestors(folder).Any(above => above.EndsWith(TreeSuffix, StringComparison.OrdinalIgnoreCase));
        bool isOfAJob = Ancestors(folder).Any(above => above.EndsWith(".upweave", StringComparison.Ordinal));
        if (info.Owner is not { } owner || !isOfATree || isOfAJob || name.AsSpan().ContainsAnyExcept(ChunkName))
            return;
        (long objects, long bytes, DateTimeOffset latest) = parts.GetValueOrDefault((folder, owner));
        parts[(folder, owner)] = (objects + 1, bytes + info.Length, info.LastModified > latest ? info.LastModified : latest);
    }

    /// <summary>A folder and those that it lies in.</summary>
    private static IEnumerable<string> Ancestors(string folder)
    {
        for (string above = folder; above.Length > 0; above = above.LastIndexOf('/') is int end and > 0 ? above[..end] : "")
        {
            yield return above;
        }
    }

    private static async Task<bool> IsClaimedAsync(IObjectStore store, string folder, CancellationToken cancellationToken)
    {
        foreach (string above in Ancestors(folder))
        {
            if (await store.StatAsync(JobPaths.Plan(above), cancellationToken) is not null)
                return true;
        }

        return false;
    }

    private static async Task RemoveAsync(IObjectStore store, string folder, string owner, CancellationToken cancellationToken)
    {
        await foreach (ObjectInfo info in store.ListAsync(folder, cancellationToken))
        {
            if (info.Owner == owner && info.Path.LastIndexOf('/') == folder.Length)
                await store.DeleteAsync(info.Path, info.ETag, cancellationToken);
        }
    }
}
