using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Hosting;

/// <summary>How a job ended: one of completed, rejected and failed is set.</summary>
internal sealed record JobOutcome
{
    public JobCompleted? Completed { get; init; }

    /// <summary>Everything that is wrong with the job; it was not started.</summary>
    public IReadOnlyList<Problem>? Rejected { get; init; }

    public JobFailed? Failed { get; init; }

    /// <summary>Name of the device that computed it; null if that was the processor.</summary>
    public string? Device { get; init; }
}
