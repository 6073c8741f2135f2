using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>
/// A clock that stands still until it is told to go, and says when somebody waits for it. One call at a time: the base class, when two
/// threads wake its timers, lets one of them go, which may be the one that has moved the clock; then nobody is woken.
/// </summary>
internal sealed class ManualTime : FakeTimeProvider
{
    private readonly Channel<ITimer> timers = Channel.CreateUnbounded<ITimer>();
    private readonly Lock gate = new();

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return base.GetUtcNow();
    }

    public new void Advance(TimeSpan delta)
    {
        lock (gate)
            base.Advance(delta);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer;
        lock (gate)
            timer = base.CreateTimer(callback, state, dueTime, period);
        timers.Writer.TryWrite(timer);
        return timer;
    }

    /// <summary>Waits until one more timer has been set.</summary>
    public Task TimerAsync() => timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
}
