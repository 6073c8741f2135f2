using System.Diagnostics;
using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Coordinator.Standby;
using Upweave.Planning;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>The plan to run, or what is wrong.</summary>
/// <param name="Resumed">An earlier run had made the plan.</param>
public sealed record ClaimResult(JobPlan? Plan, bool Resumed, IReadOnlyList<Problem> Problems);

/// <summary>Claims an output: with the plan that lies there when it is for the same job, else with a new one.</summary>
public sealed class JobClaim(JobPlanner planner, IStoreCatalog stores, Leadership leadership)
{
    /// <exception cref="LeadershipLostException">Another coordinator may be active.</exception>
    public async Task<ClaimResult> ClaimAsync(JobSpecification specification, CancellationToken cancellationToken)
    {
        using Activity? span = CoordinatorTelemetry.Source.StartActivity("plan");
        if (await FindAsync(specification, cancellationToken) is { } found)
            return found;
        PlanResult planned = await planner.PlanAsync(specification, cancellationToken);
        if (planned.Plan is null)
            return new ClaimResult(null, false, planned.Problems);
        StoreLocation output = stores.Resolve(specification.Output!);
        leadership.Demand();
        if (await PlanStore.ClaimAsync(output, planned.Plan, cancellationToken))
            return new ClaimResult(planned.Plan, false, []);
        return await FindAsync(specification, cancellationToken)
            ?? new ClaimResult(null, false, [new Problem("output", $"{specification.Output} was claimed by another plan just now.")]);
    }

    /// <summary>The plan of a job that has failed, if it still claims its output and its input is what it was.</summary>
    public async Task<ClaimResult> ResumeAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        ClaimResult? found = await FindAsync(plan.Specification, cancellationToken);
        return found is null || (found.Plan is not null && found.Plan.Hash != plan.Hash)
            ? new ClaimResult(null, false, [new Problem(
                "job_id", $"The plan of this job no longer claims {plan.Output.Reference}.", "submit the job anew")])
            : found;
    }

    private static string StartOver(JobSpecification specification) => $"delete {specification.Output}.upweave to start over";

    /// <summary>The plan that an earlier run of the same job left; null when there is none.</summary>
    private async Task<ClaimResult?> FindAsync(JobSpecification specification, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        try
        {
            if (string.IsNullOrWhiteSpace(specification.Output)
                || await PlanStore.ReadAsync(stores.Resolve(specification.Output), cancellationToken) is not { } plan
                || plan.SpecificationHash != ContractJson.Hash(specification))
            {
                return null;
            }

            SourceArray? source = await new SourceOpener(stores).OpenInputAsync(
                plan.Input.Reference, plan.Input.Identity, problems, cancellationToken);
            if (source is null)
            {
                string hint = $"the interrupted run cannot go on; {StartOver(specification)}";
                return new ClaimResult(null, false, [.. problems.Select(problem => problem with { Hint = hint })]);
            }

            return planner.CheckMemory(plan, source, StartOver(specification)) is { } problem
                ? new ClaimResult(null, false, [problem])
                : new ClaimResult(plan, true, []);
        }
        catch (Exception error) when (SourceOpener.ProblemOf("output", error) is not null)
        {
            return null; // the planner says it, with everything else that is wrong
        }
    }
}
