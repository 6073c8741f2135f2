using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>Keeps the first of what a coordinator says; no worker hears it.</summary>
internal sealed class RecordingMessages : IJobMessages
{
    private readonly TaskCompletionSource<object> end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first run that was sent out.</summary>
    public TaskCompletionSource<ComputeTiles> Dispatched { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool HasEnded => end.Task.IsCompleted;

    /// <summary>How the first job ended.</summary>
    public Task<object> EndAsync() => end.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken)
    {
        Dispatched.TrySetResult(run);
        return Task.CompletedTask;
    }

    public Task AnnounceAsync(object happened, CancellationToken cancellationToken)
    {
        if (happened is not JobProgressed)
            end.TrySetResult(happened);
        return Task.CompletedTask;
    }
}
