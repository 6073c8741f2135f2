using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Pictures;

/// <summary>
/// The elements that a preview shows, and the boxes that they are read in: of each stored unit that holds some of them the part that does,
/// once.
/// </summary>
/// <remarks>For arrays of two axes and more.</remarks>
internal sealed class PreviewSamples
{
    /// <summary>Elements of a line that are read at a time where any range can be.</summary>
    private const long LineMax = 1 << 18;

    /// <summary>Where any range can be read, what is read at a time, in bytes.</summary>
    private const long ReadMax = 1 << 20;

    /// <summary>What lies between two lines that are read together, in bytes: less than a request is worth.</summary>
    private const long GapMax = 32 << 10;

    private readonly long[][] samples;
    private readonly (int First, int Count)[][] groups;
    private readonly TileGrid combinations;

    /// <param name="samples">The indices on each axis, ascending.</param>
    public PreviewSamples(ArrayInfo info, long[][] samples)
    {
        this.samples = samples;
        Dims unit = info.Chunk ?? LinesOf(info, samples[^2]);
        groups = [.. samples.Select((indices, axis) => Group(indices, unit[axis]))];
        combinations = new TileGrid(
            Dims.Build(groups.Length, axis => groups[axis].Length), Dims.Repeat(1, groups.Length));
    }

    /// <summary>Boxes to be read.</summary>
    public long Count => combinations.Count;

    /// <summary>The largest box in elements is at most this.</summary>
    public long VolumeMax => groups.Select((parts, axis) => parts.Max(part => Extent(axis, part)))
        .Aggregate(1L, (product, extent) => checked(product * extent));

    /// <summary>One of the boxes.</summary>
    public Box BoxOf(long number)
    {
        Dims at = combinations[number].Origin;
        return new Box(
            Dims.Build(groups.Length, axis => samples[axis][groups[axis][at[axis]].First]),
            Dims.Build(groups.Length, axis => Extent(axis, groups[axis][at[axis]])));
    }

    /// <summary>Goes through the samples of a box.</summary>
    /// <param name="take">Gets the place of the sample on each axis, and its place among the elements of the box.</param>
    public void ForEach(long number, Action<Dims, long> take)
    {
        Dims at = combinations[number].Origin;
        Box box = BoxOf(number);
        TileGrid places = new(Dims.Build(groups.Length, axis => groups[axis][at[axis]].Count), Dims.Repeat(1, groups.Length));
        for (long place = 0; place < places.Count; place++)
        {
            Dims inGroup = places[place].Origin;
            Dims sample = Dims.Build(groups.Length, axis => groups[axis][at[axis]].First + inGroup[axis]);
            long element = 0;
            for (int axis = 0; axis < groups.Length; axis++)
            {
                element = (element * box.Shape[axis]) + samples[axis][sample[axis]] - box.Origin[axis];
            }

            take(sample, element);
        }
    }

    private long Extent(int axis, (int First, int Count) part) =>
        samples[axis][part.First + part.Count - 1] - samples[axis][part.First] + 1;

    /// <summary>Lines that lie near each other, as many as one read may take.</summary>
    private static Dims LinesOf(ArrayInfo info, long[] lines)
    {
        long lineBytes = info.Shape[^1] * info.Type.Size();
        long distance = lines.Length == 1 ? 1 : (lines[^1] - lines[0]) / (lines.Length - 1);
        long together = distance * lineBytes <= GapMax ? Math.Max(1, ReadMax / lineBytes) : 1;
        int x = info.Shape.Count - 1;
        return Dims.Build(info.Shape.Count, axis => axis == x ? LineMax : axis == x - 1 ? together : 1);
    }

    private static (int First, int Count)[] Group(long[] indices, long unit) =>
    [
        .. indices.Select((index, place) => (Unit: index / unit, Place: place)).GroupBy(sample => sample.Unit)
            .Select(group => (group.First().Place, group.Count())),
    ];
}
