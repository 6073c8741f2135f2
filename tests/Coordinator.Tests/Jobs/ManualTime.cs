using System.Threading.Channels;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>
/// A clock that stands still until it is told to go, and says when somebody waits for it. Its lock is never held while a timer's
/// callback runs, and reading it runs none: threads that hold locks of their own may read it at any time.
/// </summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Channel<ITimer> set = Channel.CreateUnbounded<ITimer>();
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private DateTimeOffset now = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the clock; timers whose time comes on the way are called in their order, each at its time, on this thread.</summary>
    public void Advance(TimeSpan delta)
    {
        DateTimeOffset end = GetUtcNow() + delta;
        while (NextDue(end) is { } timer)
            timer.Call();
        lock (gate)
            now = end;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        set.Writer.TryWrite(timer);
        return timer;
    }

    /// <summary>Waits until one more timer has been set.</summary>
    public Task TimerAsync() => set.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

    /// <summary>The timer that is due first, no later than the end, with the clock at its time; null: none.</summary>
    private Timer? NextDue(DateTimeOffset end)
    {
        lock (gate)
        {
            Timer? first = timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (first is null)
                return null;
            now = first.Due > now ? first.Due : now;
            if (first.Period > TimeSpan.Zero)
                first.Due += first.Period;
            else
                timers.Remove(first);
            return first;
        }
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Call() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool isNow = dueTime == TimeSpan.Zero;
            lock (time.gate)
            {
                time.timers.Remove(this);
                Period = period;
                TimeSpan next = isNow ? period : dueTime;
                Due = time.now + next;
                if (next > TimeSpan.Zero)
                    time.timers.Add(this);
            }

            if (isNow)
                ThreadPool.QueueUserWorkItem(_ => Call());
            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
                time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
