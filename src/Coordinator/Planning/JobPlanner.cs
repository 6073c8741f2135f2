using Microsoft.Extensions.Options;
using Upweave.Contracts.Specification;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Planning;

/// <summary>Turns a specification into a plan; reads headers and weights, writes nothing.</summary>
public sealed class JobPlanner(IStoreCatalog stores, IOptions<CoordinatorOptions> options)
{
    /// <summary>Validates everything and plans.</summary>
    public Task<PlanResult> PlanAsync(JobSpecification specification, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{stores} {options}");
}
