using Upweave.Contracts;
using Upweave.Coordinator.Standby;

namespace Upweave.Coordinator.Jobs;

/// <summary>Takes jobs on that come as JSON, over whatever way.</summary>
public static class JsonSubmission
{
    /// <summary>See <see cref="JobService.SubmitAsync"/>; what cannot be read is refused with all that is wrong.</summary>
    /// <exception cref="LeadershipLostException">Another coordinator may be active: the request is for that one.</exception>
    public static async Task<SubmitResult> SubmitAsync(
        this JobService jobs, Guid jobId, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        return ContractJson.ReadSpecification(json.Span, problems) is { } specification
            ? await jobs.SubmitAsync(jobId, specification, cancellationToken)
            : SubmitResult.Reject(jobId, problems);
    }
}
