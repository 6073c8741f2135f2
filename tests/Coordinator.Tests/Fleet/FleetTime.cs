using Microsoft.Extensions.Time.Testing;

namespace Upweave.Coordinator.Tests.Fleet;

/// <summary>A simulated clock that says when the job waits: it sets a timer then.</summary>
internal sealed class FleetTime : FakeTimeProvider, IDisposable
{
    private readonly SemaphoreSlim set = new(0);
    private long timers;

    /// <summary>Timers that have been set so far.</summary>
    public long Timers => Interlocked.Read(ref timers);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref timers);
        set.Release();
        return timer;
    }

    /// <summary>Waits for one more timer, or a moment.</summary>
    public Task TimerAsync(CancellationToken cancellationToken) => set.WaitAsync(TimeSpan.FromMilliseconds(1), cancellationToken);

    public void Dispose() => set.Dispose();
}
