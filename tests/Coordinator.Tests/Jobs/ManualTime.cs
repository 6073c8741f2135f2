using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>A clock that stands still until it is told to go, and says when somebody waits for it.</summary>
internal sealed class ManualTime : FakeTimeProvider
{
    private readonly Channel<ITimer> timers = Channel.CreateUnbounded<ITimer>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        timers.Writer.TryWrite(timer);
        return timer;
    }

    /// <summary>Waits until one more timer has been set.</summary>
    public Task TimerAsync() => timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
}
