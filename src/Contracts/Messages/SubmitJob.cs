using Upweave.Contracts.Specification;

namespace Upweave.Contracts.Messages;

/// <summary>Run a job. Answered by <see cref="JobAccepted"/> or <see cref="JobRejected"/>.</summary>
public sealed record SubmitJob
{
    /// <summary>Chosen by the client, so that sending twice starts one job.</summary>
    public required Guid JobId { get; init; }

    public required JobSpecification Specification { get; init; }
}
