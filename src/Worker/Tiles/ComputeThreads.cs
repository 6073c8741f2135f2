using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Upweave.Planning;
using Upweave.Worker.Devices;

namespace Upweave.Worker.Tiles;

/// <summary>
/// One thread per slot for kernels and codecs, fed through a bounded queue, so that input and output of other tiles go
/// on while every core computes. With a device there is one for each tile held: they wait for it more than they work, and while one
/// does, others convert and encode.
/// </summary>
public sealed class ComputeThreads : IDisposable
{
    private readonly BlockingCollection<Action> queue;
    private readonly Thread[] threads;
    private readonly IComputeDevice device;

    public ComputeThreads(IOptions<WorkerOptions> options, IComputeDevice device)
    {
        this.device = device;
        int slots = options.Value.Slots;
        queue = new BlockingCollection<Action>(TileFootprint.TilesHeld(slots));
        threads = new Thread[CountOf(slots, device)];
        for (int thread = 0; thread < threads.Length; thread++)
        {
            threads[thread] = new Thread(Work) { Name = $"compute-{thread}", IsBackground = true };
            threads[thread].Start();
        }
    }

    /// <summary>How many threads a worker has.</summary>
    public static int CountOf(int slots, IComputeDevice device) => device.IsProcessor ? slots : TileFootprint.TilesHeld(slots);

    /// <summary>Runs work on the next free thread.</summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Add(
            () =>
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    result.SetResult(work());
                }
                catch (Exception error)
                {
                    result.SetException(error); // whoever awaits the task handles it
                }
            },
            cancellationToken);
        return result.Task;
    }

    public void Dispose()
    {
        queue.CompleteAdding();
        if (device.Lost is not null)
            return; // a thread may hang in the device's driver; they all end with the process
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        queue.Dispose();
    }

    private void Work()
    {
        foreach (Action work in queue.GetConsumingEnumerable())
        {
            WorkerTelemetry.SlotsBusy.Add(1);
            work(); // throws nothing: what fails is in the task's result
            WorkerTelemetry.SlotsBusy.Add(-1);
        }
    }
}
