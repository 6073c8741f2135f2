using Microsoft.Extensions.Time.Testing;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>A clock that stands still until it is told to go, and says when somebody waits for it.</summary>
internal sealed class ManualTime : FakeTimeProvider
{
    private readonly SemaphoreSlim timers = new(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        timers.Release();
        return timer;
    }

    /// <summary>Waits until one more timer has been set.</summary>
    public Task TimerAsync() => timers.WaitAsync(TestContext.Current.CancellationToken);
}
