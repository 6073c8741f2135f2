using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Jobs;

/// <summary>The answer to a submission: one of the two.</summary>
public sealed record SubmitResult(JobAccepted? Accepted, JobRejected? Rejected);
