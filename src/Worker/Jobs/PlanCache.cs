using System.Collections.Concurrent;
using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.Storage.Stores;

namespace Upweave.Worker.Jobs;

/// <summary>
/// The plans that claim outputs. Each run of tiles asks whether its plan still holds its output, which is one small request; the
/// plan itself is read once.
/// </summary>
public sealed class PlanCache
{
    /// <summary>Plans kept; more jobs than this at a time read theirs again.</summary>
    private const int PlansMax = 64;

    private readonly ConcurrentDictionary<string, (string ETag, JobPlan Plan)> known = new();

    /// <summary>The plan that claims an output now; null when none does.</summary>
    /// <param name="reference">The output as messages name it.</param>
    public async Task<JobPlan?> FindAsync(string reference, StoreLocation output, CancellationToken cancellationToken)
    {
        if (await output.Store.StatAsync(JobPaths.Plan(output.Path), cancellationToken) is not { } info)
        {
            known.TryRemove(reference, out _);
            return null;
        }

        if (known.TryGetValue(reference, out (string ETag, JobPlan Plan) entry) && entry.ETag == info.ETag)
            return entry.Plan;
        JobPlan plan = await PlanStore.ReadAsync(output, info, cancellationToken);
        if (known.Count >= PlansMax)
            known.Clear();
        known[reference] = (info.ETag, plan);
        return plan;
    }
}
