using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>A lower resolution of an output.</summary>
/// <param name="Shape">Over all axes.</param>
/// <param name="Factors">How many elements of the full resolution one of these stands for, on each axis: 1 or a power of 2.</param>
public sealed record PyramidLevel(Dims Shape, Dims Factors)
{
    /// <summary>Where this level's elements lie: each in the middle of those that it stands for.</summary>
    /// <param name="full">The space of the full resolution.</param>
    /// <param name="axes">The letters of all axes.</param>
    public ArraySpace SpaceOf(ArraySpace full, string axes)
    {
        double[] step = [.. full.Axes.Select(letter => (double)Factors[axes.IndexOf(letter, StringComparison.Ordinal)])];
        return full.Resample([.. step.Select(factor => (factor - 1) / 2)], step);
    }
}
