using System.Diagnostics.Metrics;
using Upweave.ServiceDefaults;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// What all jobs together have and want of the fleet, as metrics that are there also when there is no job: a fleet is scaled by them.
/// </summary>
internal sealed class FleetTelemetry : IDisposable
{
    private readonly Meter meter = new(CoordinatorTelemetry.Name);

    /// <param name="tilesRemaining">Work that is left, in tiles.</param>
    /// <param name="windowRuns">Runs that may be out.</param>
    public FleetTelemetry(Func<long> tilesRemaining, Func<int> windowRuns)
    {
        meter.CreateObservableGauge(
            TelemetryNames.TilesRemaining, tilesRemaining, "{tile}",
            "Tiles, and pictures to read and to write, that are left to do of all jobs that run and are not paused.");
        meter.CreateObservableGauge(
            TelemetryNames.WindowRuns, windowRuns, "{run}", "Runs of tiles that all jobs together may have out.");
    }

    public void Dispose() => meter.Dispose();
}
