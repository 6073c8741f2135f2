using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>Works out from what the stores hold where a job stopped.</summary>
public sealed class JobRecovery(IStoreCatalog stores)
{
    /// <param name="record">What is left of it; null for a new job.</param>
    public async ValueTask<JobBeginning> FindBeginningAsync(JobRecord? record, CancellationToken cancellationToken)
    {
        if (record is null)
            return JobBeginning.WithWork;
        if (record.IsPublished)
            return JobBeginning.AfterPublishing;
        StoreLocation output = stores.Resolve(record.Plan.Output.Reference);
        try
        {
            JobPlan? claim = await PlanStore.ReadAsync(output, cancellationToken);

            // A published output is noted as such before its claim is given up, so a job without a claim was being cancelled.
            return claim?.Hash == record.Plan.Hash ? JobBeginning.WithWork : JobBeginning.AfterCancel;
        }
        catch (CorruptDataException)
        {
            // Of a software that is not this one, so of another plan.
            return JobBeginning.AfterCancel;
        }
    }
}
