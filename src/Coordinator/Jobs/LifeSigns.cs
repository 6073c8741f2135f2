using Microsoft.Extensions.Hosting;

namespace Upweave.Coordinator.Jobs;

/// <summary>Has all jobs that run here show once a minute that they are not abandoned.</summary>
public sealed class LifeSigns(JobService jobs, TimeProvider time) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private Task showing = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        showing = ShowAsync();
        return Task.CompletedTask;
    }

    /// <summary>Nothing is written on return, or later.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await ending.CancelAsync();
        await showing.WaitAsync(cancellationToken);
    }

    public void Dispose() => ending.Dispose();

    /// <summary>No job waits for the store of another.</summary>
    private async Task ShowAsync()
    {
        List<Task> writes = [];
        using PeriodicTimer timer = new(SignOfLife.Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                writes.RemoveAll(write => write.IsCompleted);
                writes.AddRange(jobs.Running.Select(job => job.Life.RefreshAsync(ending.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(writes);
        }
    }
}
