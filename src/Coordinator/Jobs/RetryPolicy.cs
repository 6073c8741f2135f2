namespace Upweave.Coordinator.Jobs;

/// <summary>How often a tile is tried, and how long it waits in between.</summary>
/// <param name="AttemptsMax">Attempts that may end with a transient error; the last one counts as final. At least 1.</param>
/// <param name="LossesMax">Attempts that may end without an answer: the message or every worker that took it was lost. At least 1.</param>
public sealed record RetryPolicy(int AttemptsMax, int LossesMax)
{
    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How often something is put off because a store is away, or no worker knows its plan, before that counts as an error: about a day.
    /// </summary>
    public const int PostponementsMax = 24 * 60 * 60 / 15;

    /// <summary>The longest wait of something that is put off: whoever ends an outage should not wait for the jobs.</summary>
    public static readonly TimeSpan PostponedMax = TimeSpan.FromSeconds(15);

    private const int Growth = 4;

    /// <summary>How long something that is put off waits: 1 s, 4 s, then 15 s each time.</summary>
    /// <param name="times">At least 1.</param>
    public static TimeSpan WaitAfterPostponement(int times) => WaitAfter(times) is var wait && wait < PostponedMax ? wait : PostponedMax;

    /// <summary>How long to wait after so many transient errors: 1 s, 4 s, 16 s, then a minute each time.</summary>
    /// <param name="errors">At least 1.</param>
    public static TimeSpan WaitAfter(int errors)
    {
        TimeSpan wait = TimeSpan.FromSeconds(1);
        for (int error = 1; error < errors && wait < WaitMax; error++)
        {
            wait *= Growth;
        }

        return wait < WaitMax ? wait : WaitMax;
    }
}
