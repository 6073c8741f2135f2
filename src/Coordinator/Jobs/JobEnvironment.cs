using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Upweave.Coordinator.Standby;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>What every job of a coordinator works with.</summary>
public sealed record JobEnvironment(
    IStoreCatalog Stores, IJobMessages Messages, IOptions<CoordinatorOptions> Options, TimeProvider Time,
    ILogger<JobService> Log)
{
    /// <summary>Asked before a job does anything that another coordinator could be doing.</summary>
    public Leadership Leadership { get; init; } = Leadership.Alone;

    /// <summary>Where jobs are remembered for the coordinator after this one.</summary>
    public JobRecords Records { get; init; } = new(folder: null, Log);

    /// <summary>Whether there are workers; null where nobody knows, as in one process.</summary>
    public IFleetWatch? Watch { get; init; }

    /// <summary>What the jobs have of the fleet.</summary>
    public WindowShares Shares { get; } = new(new FleetPace(Options.Value, Time));
}
