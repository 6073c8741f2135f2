namespace Upweave.Tiling;

/// <summary>
/// Cuts an array into disjoint tiles of one shape; those at the far edges are smaller. Tiles are numbered in C order
/// from 0. Nothing is stored per tile: box and number are functions of each other.
/// </summary>
public sealed class TileGrid
{
    private readonly Dims counts;

    /// <param name="shape">The array's shape; every extent at least 1.</param>
    /// <param name="tile">A tile's shape; at least 1 per axis, and cut to the array where larger.</param>
    /// <exception cref="ArgumentException">The ranks differ, or an extent is below 1.</exception>
    /// <exception cref="OverflowException">The number of tiles does not fit in 64 bits.</exception>
    public TileGrid(Dims shape, Dims tile)
    {
        if (shape.Count != tile.Count)
            throw new ArgumentException($"The tile {tile} must have one extent per axis of the array {shape}.", nameof(tile));
        if (shape.Any(extent => extent < 1) || tile.Any(extent => extent < 1))
            throw new ArgumentException($"The array {shape} and the tile {tile} must be at least 1 on every axis.", nameof(tile));
        Shape = shape;
        Tile = Dims.Build(shape.Count, axis => Math.Min(tile[axis], shape[axis]));
        counts = Dims.Build(shape.Count, axis => IntegerMath.CeilDiv(shape[axis], Tile[axis]));
        Count = counts.Volume;
    }

    /// <summary>The array's shape.</summary>
    public Dims Shape { get; }

    /// <summary>The shape of every tile but those cut off at the far edges.</summary>
    public Dims Tile { get; }

    /// <summary>Tiles per axis.</summary>
    public Dims Counts => counts;

    /// <summary>Tiles in all.</summary>
    public long Count { get; }

    /// <summary>The box of a tile.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such tile.</exception>
    public Box this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            long[] origin = new long[Shape.Count];
            for (int axis = Shape.Count - 1; axis >= 0; axis--)
            {
                origin[axis] = index % counts[axis] * Tile[axis];
                index /= counts[axis];
            }

            return new Box(Dims.Create(origin), Dims.Build(Shape.Count, axis => Math.Min(Tile[axis], Shape[axis] - origin[axis])));
        }
    }

    /// <summary>The number of the tile that holds an element.</summary>
    public long IndexOf(Dims element)
    {
        long index = 0;
        for (int axis = 0; axis < Shape.Count; axis++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(element[axis], nameof(element));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(element[axis], Shape[axis], nameof(element));
            index = (index * counts[axis]) + (element[axis] / Tile[axis]);
        }

        return index;
    }

    /// <summary>The numbers of all tiles that meet a box of the array, ascending.</summary>
    public IEnumerable<long> Covering(Box box)
    {
        if (box.IsEmpty || !Box.Whole(Shape).Contains(box))
            throw new ArgumentException($"The box {box} is empty or not inside {Shape}.", nameof(box));
        Dims first = Dims.Build(Shape.Count, axis => box.Origin[axis] / Tile[axis]);
        Dims span = Dims.Build(Shape.Count, axis => ((box.End(axis) - 1) / Tile[axis]) - first[axis] + 1);
        TileGrid steps = new(span, Dims.Repeat(1, span.Count));
        for (long step = 0; step < steps.Count; step++)
        {
            Dims at = steps[step].Origin;
            yield return IndexOf(Dims.Build(Shape.Count, axis => (first[axis] + at[axis]) * Tile[axis]));
        }
    }
}
