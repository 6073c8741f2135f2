using Upweave.Planning;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// How many runs of all jobs are worth having out: those that workers have taken, as many as they finish in some seconds, and half as
/// many again, so that a fleet that grows finds work. More would only make a job that comes later wait: the queue is first come, first
/// served. What workers have taken is, by Little's law, the rate at which runs come back times the time that a worker holds one.
/// Not safe for concurrent use.
/// </summary>
/// <param name="options">The most that is ever out, and the cores of one worker, which always get enough.</param>
public sealed class FleetPace(CoordinatorOptions options, TimeProvider time)
{
    private const double Growth = 1.5;
    private const double SecondsQueued = 2;

    /// <summary>Answers that the rate is taken from.</summary>
    private const int AnswersMax = 64;

    private const int AnswersLeast = 4;

    private readonly int runsMax = options.WindowRuns;
    private readonly int runsLeast = Math.Min(options.WindowRuns, TileFootprint.TilesHeld(options.WorkerSlots));
    private readonly Queue<(long At, double Held)> answers = [];
    private double heldSum;

    /// <summary>Runs that all jobs together may have out.</summary>
    public int Runs { get; private set; } = AtFirst(options);

    /// <summary>A run has come back.</summary>
    /// <param name="heldSeconds">From when a worker took it.</param>
    public void Hear(double heldSeconds)
    {
        long now = time.GetTimestamp();
        double held = double.IsFinite(heldSeconds) ? Math.Max(0, heldSeconds) : 0;
        answers.Enqueue((now, held));
        heldSum += held;
        if (answers.Count > AnswersMax)
            heldSum -= answers.Dequeue().Held;
        double seconds = time.GetElapsedTime(answers.Peek().At, now).TotalSeconds;
        if (answers.Count < AnswersLeast)
            return;
        double rate = (answers.Count - 1) / Math.Max(seconds, 1e-3);
        double inWork = rate * heldSum / answers.Count;
        double wanted = Math.Ceiling((Growth * inWork) + (SecondsQueued * rate) + 1);
        Runs = (int)Math.Clamp(wanted, runsLeast, runsMax);
    }

    /// <summary>Forgets the rate of before a time without work.</summary>
    public void Restart()
    {
        answers.Clear();
        heldSum = 0;
        Runs = AtFirst(options);
    }

    /// <summary>Before anything is known: what one worker holds, twice.</summary>
    private static int AtFirst(CoordinatorOptions options) =>
        Math.Min(options.WindowRuns, 2 * TileFootprint.TilesHeld(options.WorkerSlots));
}
