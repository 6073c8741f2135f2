namespace Upweave.Coordinator.Jobs;

/// <summary>Whether a job is paused. Safe for concurrent use: people pause, the job looks.</summary>
/// <param name="blocksKept">After this time without a new one the output's store removes what is staged; null: never.</param>
public sealed class JobHold(TimeSpan? blocksKept, TimeProvider time)
{
    /// <summary>What is left of the time when people are warned for the first time: a weekend.</summary>
    public static readonly TimeSpan WarnBefore = TimeSpan.FromDays(2);

    /// <summary>Time between two warnings.</summary>
    public static readonly TimeSpan WarnAgain = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private DateTimeOffset? since;

    public bool IsPaused
    {
        get
        {
            lock (gate)
            {
                return since is not null;
            }
        }
    }

    /// <summary>When the next warning is due, from now.</summary>
    public TimeSpan UntilNextWarning
    {
        get
        {
            lock (gate)
            {
                TimeSpan left = since + blocksKept - WarnBefore - time.GetUtcNow() ?? WarnAgain;
                return left > TimeSpan.Zero ? left : WarnAgain;
            }
        }
    }

    /// <summary>What a paused job is about to lose; null until that is near.</summary>
    public string? Warning
    {
        get
        {
            lock (gate)
            {
                return since is { } start && blocksKept is { } kept && time.GetUtcNow() >= start + kept - WarnBefore
                    ? $"Paused since {start:u}: its store removes what is staged {kept.TotalDays:0} days after the last of it was written, "
                        + $"and it is computed again then. hint: resume the job before {start + kept:u}"
                    : null;
            }
        }
    }

    /// <summary>Again changes nothing.</summary>
    public void Pause()
    {
        lock (gate)
        {
            since ??= time.GetUtcNow();
        }
    }

    public void Resume()
    {
        lock (gate)
        {
            since = null;
        }
    }
}
