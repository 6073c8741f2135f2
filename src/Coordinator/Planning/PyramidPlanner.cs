using Upweave.Contracts.Plans;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Chooses the lower resolutions of an output.</summary>
public static class PyramidPlanner
{
    /// <summary>
    /// Each level has half the extents of the one before, rounded up, until one fits in a chunk. Axes whose elements lie twice as far
    /// apart as the closest ones, or farther, wait until the others have caught up: thick slices of a volume are not averaged away.
    /// </summary>
    /// <param name="space">Where the output's elements lie; null where that is unknown.</param>
    /// <param name="chunk">Over all axes.</param>
    public static IReadOnlyList<PlannedLevel> Plan(Dims shape, AxisLayout axes, PlannedSpace? space, Dims chunk)
    {
        int leading = axes.Leading;
        double[] spacing = [.. Enumerable.Range(0, axes.SpatialRank).Select(axis => SpacingOf(space, axis))];
        long[] factors = [.. Enumerable.Repeat(1L, shape.Count)];
        List<PlannedLevel> levels = [];
        Dims extents = shape;
        while (Enumerable.Range(leading, axes.SpatialRank).Any(axis => extents[axis] > chunk[axis]))
        {
            double closest = Enumerable.Range(0, axes.SpatialRank).Where(axis => extents[leading + axis] > 1)
                .Min(axis => spacing[axis] * factors[leading + axis]);
            bool Halves(int axis) =>
                axis >= leading && extents[axis] > 1 && spacing[axis - leading] * factors[axis] < 2 * closest;
            bool[] halves = [.. Enumerable.Range(0, shape.Count).Select(Halves)];
            extents = Dims.Build(shape.Count, axis => halves[axis] ? IntegerMath.CeilDiv(extents[axis], 2) : extents[axis]);
            factors = [.. factors.Select((factor, axis) => halves[axis] ? 2 * factor : factor)];
            levels.Add(new PlannedLevel { Shape = extents.ToArray(), Factors = [.. factors] });
        }

        return levels;
    }

    /// <summary>Distance of neighbours along an axis, in units that can be compared; 1 where they cannot.</summary>
    private static double SpacingOf(PlannedSpace? space, int axis)
    {
        if (space is null || space.Units.Distinct().Count() > 1)
            return 1;
        double squared = space.Affine.Sum(row => row[axis] * row[axis]);
        return squared > 0 && double.IsFinite(squared) ? Math.Sqrt(squared) : 1;
    }
}
