using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Works out the shape of a preset's weights.</summary>
public static class PresetPlanner
{
    /// <summary>The largest factor per axis; beyond it nobody looks at the result, and the weights grow with its power.</summary>
    public const long ScaleMax = 64;

    /// <returns>Null when a problem was added or the input is not known.</returns>
    public static LayerWeights? Plan(LayerSpecification layer, string field, SourceArray? source, List<Problem> problems)
    {
        int before = problems.Count;
        SpecificationRules.OneOf($"{field}.preset", layer.Preset, Preset.Names, problems);
        if (layer.Scale is not { Count: > 0 })
        {
            problems.Add(new Problem($"{field}.scale", "A preset needs its scale.",
                "give an integer factor, e.g. 2, or one per spatial axis"));
        }

        if (problems.Count > before || SpatialRank(layer.Scale!, field, source, problems) is not int rank)
            return null;
        if (AxisVector.Read($"{field}.scale", layer.Scale, rank, missing: 1, AxisVector.ExtentMin, problems) is not Dims scale)
            return null;
        if (scale.Max() > ScaleMax)
        {
            problems.Add(new Problem($"{field}.scale", $"{scale} has a factor above {ScaleMax}.", "run two jobs, one after the other"));
            return null;
        }

        AxisLayout? layout = source?.Layout(rank);
        int channels = layout is { } axes && source is not null ? checked((int)axes.Channels(source.Info.Shape)) : 1;
        Preset preset = Preset.Create(layer.Preset!, scale, channels: 1);
        return new LayerWeights(channels, channels, channels, preset.Kernel) { Preset = new PresetAttributes(scale, preset.Pads) };
    }

    private static int? SpatialRank(IReadOnlyList<long> scale, string field, SourceArray? source, List<Problem> problems)
    {
        if (scale.Count > AxisVector.AxesMax)
        {
            problems.Add(new Problem(
                $"{field}.scale", $"There are {scale.Count} factors; arrays have 1 to {AxisVector.AxesMax} spatial axes."));
            return null;
        }

        if (scale.Count > 1 || source is null)
            return scale.Count;
        if (source.SpatialRank is >= 1 and <= AxisVector.AxesMax)
            return source.SpatialRank;
        if (source.SpatialRank is null && source.Rank is 1 or 2)
            return source.Rank;
        problems.Add((source.SpatialRank ?? source.Rank) == 0
            ? new Problem("input", $"{source.Description} has no spatial axis.", "give an array of 1 to 5 axes")
            : new Problem(
                $"{field}.scale", $"One factor does not say which axes of {source.Description} are spatial.",
                source.Rank == 3 ? "give 2 factors for [C,H,W] or 3 for [D,H,W]" : "give one factor per spatial axis, e.g. 2,2"));
        return null;
    }
}
