using Microsoft.Extensions.Options;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator;
using Upweave.Coordinator.Planning;
using Upweave.Tests.Schema;

namespace Upweave.Tests;

/// <summary>Specifications and plans for tests.</summary>
internal static class Plans
{
    /// <summary>Nearest neighbour, twice as large.</summary>
    public static JobSpecification Nearest(string input, string output, long[]? tile = null) => new()
    {
        Version = 1,
        Input = input,
        Output = output,
        Layers = [new LayerSpecification { Preset = "nearest", Scale = [2, 2] }],
        Tile = tile,
    };

    /// <summary>A layer of weights.</summary>
    public static JobSpecification Weights(string input, string output, LayerSpecification layer) => new()
    {
        Version = 1,
        Input = input,
        Output = output,
        Layers = [layer],
    };

    public static JobPlanner Planner(JobFolder folder, Action<CoordinatorOptions>? configure = null)
    {
        CoordinatorOptions options = new() { WorkerSlots = 2, WindowRuns = 4 };
        configure?.Invoke(options);
        return new JobPlanner(folder.Stores, Options.Create(options));
    }

    /// <summary>The plan of a specification that must be valid.</summary>
    public static async Task<JobPlan> MakeAsync(
        JobFolder folder, JobSpecification specification, Action<CoordinatorOptions>? configure = null)
    {
        PlanResult result = await Planner(folder, configure).PlanAsync(specification, TestContext.Current.CancellationToken);
        Assert.Empty(result.Problems);
        JobSchema.AssertValid(specification);
        return result.Plan!;
    }
}
