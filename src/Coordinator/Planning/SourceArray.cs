using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Sequential;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>An input as the planner sees it: its header and its pin, no element.</summary>
/// <param name="Reference">As the specification gives it.</param>
/// <param name="Sequential">Set for a picture or another file that must be ingested before boxes of it can be read.</param>
/// <param name="KeptBytes">See <see cref="IArrayReader.KeptBytes"/>.</param>
/// <param name="ReadOverheadBytes">See <see cref="IArrayReader.ReadOverheadBytes"/>.</param>
public sealed record SourceArray(
    string Reference, ArrayInfo Info, string Identity, long KeptBytes, Func<Dims, long> ReadOverheadBytes,
    SequentialHeader? Sequential = null)
{
    public int Rank => Info.Shape.Count;

    /// <summary>Number of spatial axes, where the format names its axes.</summary>
    public int? SpatialRank => Info.Axes?.Count("zyx".Contains);

    /// <summary>Its axes, where so many of them are spatial; null when they are not.</summary>
    public AxisLayout? Layout(int spatialRank)
    {
        if (SpatialRank is int named && named != spatialRank)
            return null;
        return Info.Axes?.StartsWith('n') == true && !Info.Axes.Contains('c', StringComparison.Ordinal)
            ? new AxisLayout(HasBatch: true, HasChannels: false, spatialRank)
            : AxisLayout.FromRank(Rank, spatialRank);
    }

    /// <summary>What to call it in a message.</summary>
    public string Description => $"{Reference} ({Info.Format}, {Info.Type.Name()} {Info.Shape})";
}
