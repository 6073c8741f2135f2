using Upweave.Planning;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>The folder beside an output, where what is not finished is kept.</summary>
internal static class SideFolder
{
    /// <summary>True when a job has claimed the output and is not finished.</summary>
    public static async Task<bool> IsClaimedAsync(StoreLocation output, CancellationToken cancellationToken) =>
        await output.Store.StatAsync(JobPaths.Plan(output.Path), cancellationToken) is not null;

    /// <summary>Removes the folder of an output that no job has claimed.</summary>
    public static async Task RemoveAsync(StoreLocation output, CancellationToken cancellationToken)
    {
        if (!await IsClaimedAsync(output, cancellationToken))
            await output.Store.DeleteAllAsync(JobPaths.Side(output.Path), cancellationToken);
    }
}
