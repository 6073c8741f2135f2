using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Http;

/// <summary>A job as the API shows it: what is known over AMQP as well, its plan, and how its tiles stand.</summary>
public sealed record JobDetails
{
    public required JobStatus Status { get; init; }

    public required string PlanHash { get; init; }

    public required string Input { get; init; }

    public required IReadOnlyList<long> InputShape { get; init; }

    /// <summary>Of the output, as all that follows: one letter per axis.</summary>
    public required string Axes { get; init; }

    public required IReadOnlyList<long> Shape { get; init; }

    public required string Dtype { get; init; }

    public required string Format { get; init; }

    public required IReadOnlyList<long> Tile { get; init; }

    /// <summary>The rest is null for a job that has ended long ago.</summary>
    public JobActivity? Activity { get; init; }

    public static JobDetails Of(JobView job)
    {
        JobPlan plan = job.Plan;
        return new JobDetails
        {
            Status = job.Status,
            PlanHash = plan.Hash,
            Input = plan.Input.Reference,
            InputShape = plan.Input.Shape,
            Axes = plan.Output.Axes,
            Shape = plan.Output.Shape,
            Dtype = plan.Output.Dtype,
            Format = plan.Output.Format,
            Tile = plan.Output.Tile,
            Activity = job.Insight is { } insight ? JobActivity.Of(job.Status, insight) : null,
        };
    }
}
