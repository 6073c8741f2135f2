using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Upweave.Contracts.Messages;
using Upweave.Worker.Devices;

namespace Upweave.Worker.Tiles;

/// <summary>
/// Says in the metrics that the worker is there before it has any work, and that nothing has failed yet: a counter that begins with its
/// first error shows no rise.
/// </summary>
public sealed class WorkerPresence(IOptions<WorkerOptions> options, IComputeDevice device) : IHostedService
{
    private readonly int threads = ComputeThreads.CountOf(options.Value.Slots, device);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        WorkerTelemetry.Slots.Add(threads);
        WorkerTelemetry.SlotsBusy.Add(0);
        foreach (TileErrorKind kind in Enum.GetValues<TileErrorKind>())
        {
            WorkerTelemetry.CountErrors(kind, 0);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        WorkerTelemetry.Slots.Add(-threads);
        return Task.CompletedTask;
    }
}
