using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>What every job of a coordinator works with.</summary>
public sealed record JobEnvironment(
    IStoreCatalog Stores, IJobMessages Messages, IOptions<CoordinatorOptions> Options, TimeProvider Time,
    ILogger<JobService> Log)
{
    /// <summary>What the jobs have of the fleet.</summary>
    public WindowShares Shares { get; } = new(new FleetPace(Options.Value, Time));
}
