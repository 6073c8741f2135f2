using Upweave.Contracts.Plans;

namespace Upweave.Planning;

/// <summary>
/// How long a tile may take in a worker before it counts as hanging: what the plan predicts for it at rates far below those of any
/// healthy machine and store, and some minutes at least.
/// </summary>
public static class TileLimit
{
    /// <summary>The least limit: what a store's client waits and tries again by itself, and more.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(4);

    /// <summary>The largest limit; below it a worker's message is not taken from it.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromHours(2);

    /// <summary>Bytes in a second, in and out, uncompressed.</summary>
    private const double BytesPerSecond = 1e6;

    /// <summary>
    /// Floating-point operations in a second of one core: a tenth of what plain loops do, which leaves room for waiting for a core.
    /// </summary>
    private const double FlopsPerSecond = 1e8;

    /// <summary>The limit for each tile of a plan, of any resolution.</summary>
    public static TimeSpan Of(JobPlan plan)
    {
        // The largest tile; those at the far edges are smaller, so it is more than the average.
        double share = 1;
        for (int axis = 0; axis < plan.Output.Shape.Count; axis++)
        {
            share *= Math.Min(1, (double)plan.Output.Tile[axis] / Math.Max(1, plan.Output.Shape[axis]));
        }

        PlanPrediction all = plan.Prediction;
        double seconds = share * (((all.BytesRead + all.BytesWritten) / BytesPerSecond) + (all.Flops / FlopsPerSecond));
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Least.TotalSeconds, Most.TotalSeconds));
    }
}
