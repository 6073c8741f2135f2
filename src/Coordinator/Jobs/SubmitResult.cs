using Microsoft.Extensions.Logging;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;

namespace Upweave.Coordinator.Jobs;

/// <summary>The answer to a submission: one of the two.</summary>
public sealed record SubmitResult(JobAccepted? Accepted, JobRejected? Rejected)
{
    internal static SubmitResult Accept(Guid jobId, JobPlan plan, bool resumed)
    {
        JobAccepted accepted = new() { JobId = jobId, PlanHash = plan.Hash, TileCount = plan.Prediction.Tiles, Resumed = resumed };
        return new SubmitResult(accepted, null);
    }

    internal static SubmitResult Reject(Guid jobId, IReadOnlyList<Problem> problems, ILogger log)
    {
        log.LogInformation("Job {Job} rejected: {Problems}", jobId, string.Join(' ', problems));
        return new SubmitResult(null, new JobRejected { JobId = jobId, Problems = problems });
    }

    /// <summary>The answer to a message that came twice, or to an identity that is in use.</summary>
    internal static SubmitResult Repeat(Guid jobId, JobPlan plan, JobSpecification specification, ILogger log) =>
        plan.SpecificationHash == ContractJson.Hash(specification)
            ? Accept(jobId, plan, resumed: false)
            : Reject(jobId, [new Problem("job_id", $"{jobId} is the identity of another job.", "choose a new one")], log);
}
