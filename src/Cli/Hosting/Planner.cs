using Upweave.Cli.Options;
using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Coordinator;
using Upweave.Coordinator.Planning;
using Upweave.Storage.Stores;
using MicrosoftOptions = Microsoft.Extensions.Options.Options;

namespace Upweave.Cli.Hosting;

/// <summary>Plans without a host: nothing is written and nothing is run.</summary>
internal static class Planner
{
    public static Task<PlanResult> PlanAsync(
        JobSpecification specification, WorkerBounds bounds, IStoreCatalog stores, CancellationToken cancellationToken)
    {
        CoordinatorOptions options = new() { WorkerSlots = bounds.Slots, WorkerMemoryBytes = bounds.MemoryBytes };
        return new JobPlanner(stores, MicrosoftOptions.Create(options))
            .PlanAsync(specification, cancellationToken);
    }

    /// <summary>The problems of a command line, and those that the planner finds in what is left of it.</summary>
    public static async Task<IReadOnlyList<Problem>> AllProblemsAsync(
        JobRequest request, IStoreCatalog stores, CancellationToken cancellationToken)
    {
        if (request.Specification is null)
            return request.Problems;
        PlanResult result = await PlanAsync(request.Specification, request.Bounds, stores, cancellationToken);

        // A value that could not be read is missing from the specification: what the planner says of that is no news.
        HashSet<string> told = [.. request.Problems.Select(problem => problem.Field)];
        return [.. request.Problems, .. result.Problems.Where(problem => !told.Contains(problem.Field))];
    }
}
