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
    private DateTimeOffset? warned;

    /// <summary>Since when it is paused; null when it is not.</summary>
    public DateTimeOffset? Since
    {
        get
        {
            lock (gate)
            {
                return since;
            }
        }
    }

    public bool IsPaused => Since is not null;

    /// <summary>When the next warning is due, from now; a day where there will be none.</summary>
    public TimeSpan UntilNextWarning
    {
        get
        {
            lock (gate)
            {
                DateTimeOffset? due = warned + WarnAgain ?? since + blocksKept - WarnBefore;
                TimeSpan left = due - time.GetUtcNow() ?? WarnAgain;
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>The warning, when it is due.</summary>
    public string? TakeWarning()
    {
        if (UntilNextWarning > TimeSpan.Zero || Warning is not { } warning)
            return null;
        lock (gate)
        {
            warned = time.GetUtcNow();
        }

        return warning;
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
    /// <param name="earlier">Since when, where another coordinator had noted it.</param>
    public void Pause(DateTimeOffset? earlier = null)
    {
        lock (gate)
        {
            since ??= earlier ?? time.GetUtcNow();
        }
    }

    public void Resume()
    {
        lock (gate)
        {
            since = null;
            warned = null;
        }
    }
}
