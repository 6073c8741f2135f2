using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Consumers;

/// <summary>The answer to a question about a job that is not known.</summary>
internal static class UnknownJob
{
    public static JobRejected Answer(Guid jobId) => new()
    {
        JobId = jobId,
        Problems =
        [
            new Problem(
                "job_id", $"No job {jobId} is known here.",
                "ask for all jobs (upweave status); a coordinator that was started anew knows those that run or have failed"),
        ],
    };
}
