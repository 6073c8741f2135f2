namespace Upweave.Coordinator.Jobs;

/// <summary>Has all jobs that run here show once a minute that they are not abandoned.</summary>
internal sealed class LifeSigns(Func<IEnumerable<JobRun>> running, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private Task showing = Task.CompletedTask;

    public void Start() => showing = ShowAsync();

    /// <summary>Nothing is written on return, or later.</summary>
    public async Task StopAsync()
    {
        await ending.CancelAsync();
        await showing;
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
                writes.AddRange(running().Select(job => job.Life.RefreshAsync(ending.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(writes);
        }
    }
}
