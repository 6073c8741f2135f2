using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Upweave.Planning;

namespace Upweave.Worker.Tiles;

/// <summary>
/// One thread per slot for kernels and codecs, fed through a bounded queue, so that input and output of other tiles go
/// on while every core computes.
/// </summary>
public sealed class ComputeThreads : IDisposable
{
    private readonly BlockingCollection<Action> queue;
    private readonly Thread[] threads;

    public ComputeThreads(IOptions<WorkerOptions> options)
    {
        int slots = options.Value.Slots;
        queue = new BlockingCollection<Action>(TileFootprint.TilesHeld(slots));
        threads = new Thread[slots];
        for (int slot = 0; slot < slots; slot++)
        {
            threads[slot] = new Thread(Work) { Name = $"compute-{slot}", IsBackground = true };
            threads[slot].Start();
        }
    }

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
