using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;

namespace Upweave.Coordinator.Jobs;

/// <summary>The answer to a submission: one of the two.</summary>
public sealed record SubmitResult(JobAccepted? Accepted, JobRejected? Rejected)
{
    /// <param name="resumed">An earlier run of the same job had claimed the output.</param>
    public static SubmitResult Accept(Guid jobId, JobPlan plan, bool resumed) => new(
        new JobAccepted { JobId = jobId, PlanHash = plan.Hash, TileCount = plan.Prediction.Tiles, Resumed = resumed }, null);

    public static SubmitResult Reject(Guid jobId, IReadOnlyList<Problem> problems) =>
        new(null, new JobRejected { JobId = jobId, Problems = problems });

    /// <summary>The answer to a message that came twice, or to an identity that is in use.</summary>
    /// <param name="plan">Of the job that has the identity.</param>
    public static SubmitResult Repeat(Guid jobId, JobPlan plan, JobSpecification specification) =>
        plan.SpecificationHash == ContractJson.Hash(specification)
            ? Accept(jobId, plan, resumed: false)
            : Reject(jobId, [new Problem("job_id", $"{jobId} is the identity of another job.", "choose a new one")]);
}
