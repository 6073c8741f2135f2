using Upweave.Planning;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// How many runs of all jobs are worth having out: those that workers have taken, as many as they finish in some seconds, and a
/// quarter more, so that a fleet that grows finds work. More would only make a job that comes later wait: the queue is first come, first
/// served. What workers have taken is, by Little's law, the rate at which runs come back times the time that a worker holds one.
/// Not safe for concurrent use.
/// </summary>
/// <param name="options">The most that is ever out, and the cores of one worker, which always get enough.</param>
public sealed class FleetPace(CoordinatorOptions options, TimeProvider time)
{
    private const double Growth = 1.25;
    private const double SecondsQueued = 2;

    /// <summary>
    /// The rate is taken from the answers of this time, or of twice as long as a run is held: workers that began together answer together.
    /// </summary>
    private const double SecondsHeard = 2;

    /// <summary>Answers within this time count as one point of it.</summary>
    private const double SecondsTogether = 0.02;

    private const int AnswersLeast = 4;

    private readonly int runsMax = options.WindowRuns;
    private readonly int runsLeast = Math.Min(options.WindowRuns, TileFootprint.TilesHeld(options.WorkerSlots));
    private readonly Queue<Answers> heard = [];
    private Answers latest;
    private long heardLast;
    private int count;
    private double heldSum;

    /// <summary>Runs that all jobs together may have out.</summary>
    public int Runs { get; private set; } = AtFirst(options);

    /// <summary>A run has come back.</summary>
    /// <param name="heldSeconds">From when a worker took it.</param>
    public void Hear(double heldSeconds)
    {
        long now = time.GetTimestamp();
        double held = double.IsFinite(heldSeconds) ? Math.Max(0, heldSeconds) : 0;
        if (latest.Count > 0 && SecondsSince(latest.At, now) >= SecondsTogether)
        {
            heard.Enqueue(latest);
            heardLast = latest.At;
            latest = default;
        }

        latest = new Answers(latest.Count > 0 ? latest.At : now, latest.Count + 1, latest.Held + held);
        count++;
        heldSum += held;
        double mean = heldSum / count;
        double span = Math.Max(SecondsHeard, 2 * mean);
        while (heard.TryPeek(out Answers oldest) && count - oldest.Count >= AnswersLeast && SecondsSince(oldest.At, now) > span)
        {
            heard.Dequeue();
            count -= oldest.Count;
            heldSum -= oldest.Held;
        }

        if (count < AnswersLeast)
            return;

        double rate = Rate(mean);
        double wanted = Math.Ceiling((Growth * rate * mean) + (SecondsQueued * rate) + 1);
        Runs = (int)Math.Clamp(wanted, runsLeast, runsMax);
    }

    /// <summary>
    /// Runs that come back in a second. Those that came together at the beginning say nothing of the time after it, and of those that
    /// come together just now there may be more.
    /// </summary>
    private double Rate(double mean) => heard.TryPeek(out Answers first) && heardLast > first.At
        ? (count - latest.Count - first.Count) / SecondsSince(first.At, heardLast)
        : count / Math.Max(mean, SecondsTogether);

    private double SecondsSince(long then, long now) => time.GetElapsedTime(then, now).TotalSeconds;

    /// <summary>Forgets the rate of before a time without work.</summary>
    public void Restart()
    {
        heard.Clear();
        latest = default;
        count = 0;
        heldSum = 0;
        Runs = AtFirst(options);
    }

    /// <summary>Before anything is known: what one worker holds, twice.</summary>
    private static int AtFirst(CoordinatorOptions options) =>
        Math.Min(options.WindowRuns, 2 * TileFootprint.TilesHeld(options.WorkerSlots));

    /// <summary>Answers that came at about the same time, and how long their runs were held, added up.</summary>
    private readonly record struct Answers(long At, int Count, double Held);
}
