using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Insight;

namespace Upweave.Coordinator.Jobs;

/// <summary>All that is known of a job.</summary>
/// <param name="Insight">Null for one that has ended long ago.</param>
public sealed record JobView(JobStatus Status, JobPlan Plan, JobInsight? Insight);
