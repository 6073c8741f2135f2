namespace Upweave.Coordinator.Insight;

/// <summary>
/// Tiles completed over the time of a run, in a bounded number of steps that grow longer with it. Not safe for concurrent use.
/// </summary>
public sealed class Throughput
{
    /// <summary>The most steps.</summary>
    public const int StepsMax = 120;

    /// <summary>The rate is that of the last seconds, as many as these or as some steps are.</summary>
    private const double RateSeconds = 15;

    private const int RateSteps = 3;

    private readonly long[] tiles = new long[StepsMax];

    /// <summary>Length of a step in seconds.</summary>
    public double StepSeconds { get; private set; } = 1;

    /// <summary>Tiles have been completed.</summary>
    /// <param name="elapsed">Since the beginning of the run.</param>
    public void Add(TimeSpan elapsed, int count)
    {
        while (elapsed.TotalSeconds / StepSeconds >= StepsMax)
        {
            Halve();
        }

        tiles[(int)(elapsed.TotalSeconds / StepSeconds)] += count;
    }

    /// <summary>Tiles of each step up to now; the last one is not over yet.</summary>
    public IReadOnlyList<long> Steps(TimeSpan elapsed)
    {
        while (elapsed.TotalSeconds / StepSeconds >= StepsMax)
        {
            Halve();
        }

        return tiles[..((int)(elapsed.TotalSeconds / StepSeconds) + 1)];
    }

    /// <summary>Tiles per second of late.</summary>
    public double Rate(TimeSpan elapsed)
    {
        IReadOnlyList<long> steps = Steps(elapsed);
        int first = Math.Max(0, steps.Count - 1 - (int)Math.Max(RateSteps, Math.Ceiling(RateSeconds / StepSeconds)));
        double seconds = elapsed.TotalSeconds - (first * StepSeconds);
        return seconds > 0 ? steps.Skip(first).Sum() / seconds : 0;
    }

    private void Halve()
    {
        for (int step = 0; step < StepsMax; step++)
        {
            tiles[step] = step < StepsMax / 2 ? tiles[2 * step] + tiles[(2 * step) + 1] : 0;
        }

        StepSeconds *= 2;
    }
}
