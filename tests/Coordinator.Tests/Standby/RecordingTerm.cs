using Upweave.Coordinator.Standby;

namespace Upweave.Coordinator.Tests.Standby;

/// <summary>Notes when it is active; letting go can be held back.</summary>
internal sealed class RecordingTerm(TimeProvider time) : IActiveTerm
{
    private volatile bool isActive;

    public bool IsActive => isActive;

    public int Terms { get; private set; }

    /// <summary>When it was told to stop last, by the clock.</summary>
    public DateTimeOffset ToldAt { get; private set; }

    public Exception? Fault { get; set; }

    public async Task RunAsync(CancellationToken ending)
    {
        if (Fault is not null)
            throw Fault;
        Terms++;
        isActive = true;
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = ending.Register(() =>
        {
            ToldAt = time.GetUtcNow();
            isActive = false;
            told.SetResult();
        });
        await told.Task;
    }
}
