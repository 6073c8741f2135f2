using Upweave.Tiling;

namespace Upweave.Planning;

/// <summary>
/// The small picture that a worker draws of what the output is made from, and that lies beside the output while the job runs: planes along
/// z, one below the other, each of the shape of the output's.
/// </summary>
public static class JobPreview
{
    /// <summary>The most planes.</summary>
    public const int PlanesMax = 16;

    /// <summary>The largest that is kept, in bytes.</summary>
    public const int BytesMax = 2 << 20;

    /// <summary>How many planes there are; 0 where there is nothing that a picture could show.</summary>
    public static int PlanesOf(PlanGeometry geometry)
    {
        Dims counts = geometry.Tiles.Counts;
        if (geometry.Output.SpatialRank == 1 || geometry.Output.Batch(geometry.Tiles.Shape) > 1 || geometry.Output.Channels(counts) > 1)
            return 0;
        return geometry.Output.SpatialRank == 2 ? 1 : (int)Math.Min(PlanesMax, geometry.Input.Spatial(AreaOf(geometry)).Shape[0]);
    }

    /// <summary>The box of the input that the output draws on.</summary>
    public static Box AreaOf(PlanGeometry geometry)
    {
        Box first = geometry.Boxes(0).Needed;
        Box last = geometry.Boxes(geometry.Tiles.Count - 1).Needed;
        if (first.IsEmpty || last.IsEmpty) // tiles of nothing but padding
            return geometry.Input.Join(0, geometry.Layer.InputChannels, Box.Whole(geometry.Input.Spatial(geometry.InputShape)));
        Dims origin = Dims.Build(first.Rank, axis => Math.Min(first.Origin[axis], last.Origin[axis]));
        Dims shape = Dims.Build(first.Rank, axis => Math.Max(first.End(axis), last.End(axis)) - origin[axis]);
        return geometry.Input.Join(0, geometry.Layer.InputChannels, new Box(origin, shape));
    }
}
