namespace Upweave.Coordinator.Standby;

/// <summary>
/// Whether this coordinator may act: until a moment of a clock that goes on while the process stands still. Asked before whatever
/// matters, so that a coordinator that was stopped and goes on finds out at the first thing it does. Safe for concurrent use.
/// </summary>
public sealed class Leadership(TimeProvider time)
{
    private long until = long.MinValue;

    /// <summary>Of a coordinator that has no other beside it.</summary>
    public static Leadership Alone { get; } = new(TimeProvider.System) { until = long.MaxValue };

    public bool IsHeld => time.GetTimestamp() < Interlocked.Read(ref until);

    /// <summary>How long it is still held; zero when it is not.</summary>
    public TimeSpan Left
    {
        get
        {
            long now = time.GetTimestamp();
            long end = Interlocked.Read(ref until);
            return now < end ? time.GetElapsedTime(now, end) : TimeSpan.Zero;
        }
    }

    /// <exception cref="LeadershipLostException">It is not held.</exception>
    public void Demand()
    {
        if (!IsHeld)
            throw new LeadershipLostException();
    }

    /// <summary>It is held for a time from a moment on.</summary>
    /// <param name="start">A timestamp of the clock.</param>
    public void Hold(long start, TimeSpan duration) =>
        Interlocked.Exchange(ref until, start + (long)(duration.TotalSeconds * time.TimestampFrequency));

    /// <summary>It is not held any more.</summary>
    public void Drop() => Interlocked.Exchange(ref until, long.MinValue);
}
