namespace Upweave.Tiling;

/// <summary>
/// A half-open box of a grid: <see cref="Origin"/> is its first element, <see cref="Shape"/> its extent per axis.
/// An origin may be negative: a read region reaches beyond the array before it is clamped.
/// </summary>
public readonly record struct Box
{
    public Box(Dims origin, Dims shape)
    {
        if (origin.Count != shape.Count)
            throw new ArgumentException($"Origin {origin} and shape {shape} have different ranks.", nameof(shape));
        Origin = origin;
        Shape = shape;
    }

    public Dims Origin { get; }

    public Dims Shape { get; }

    public int Rank => Shape.Count;

    /// <summary>Elements in the box.</summary>
    public long Volume => Shape.Volume;

    public bool IsEmpty => Shape.Any(extent => extent <= 0);

    /// <summary>The box of a whole array.</summary>
    public static Box Whole(Dims shape) => new(Dims.Repeat(0, shape.Count), shape);

    /// <summary>One past the last element on an axis.</summary>
    public long End(int axis) => checked(Origin[axis] + Shape[axis]);

    /// <summary>The part that lies in both boxes; its extents are 0 where they do not meet.</summary>
    public Box Intersect(Box other)
    {
        Box self = this;
        Dims origin = Dims.Build(Rank, axis => Math.Max(self.Origin[axis], other.Origin[axis]));
        return new Box(origin, Dims.Build(Rank, axis =>
            Math.Max(origin[axis], Math.Min(self.End(axis), other.End(axis))) - origin[axis]));
    }

    public bool Contains(Box other) => Intersect(other) == other;

    /// <summary>The same box moved by <paramref name="offset"/>.</summary>
    public Box Translate(Dims offset)
    {
        Dims origin = Origin;
        return new Box(Dims.Build(Rank, axis => checked(origin[axis] + offset[axis])), Shape);
    }

    /// <summary>The axes from <paramref name="start"/> on.</summary>
    public Box From(int start) => new(Origin.From(start), Shape.From(start));

    public override string ToString()
    {
        Box self = this;
        return "[" + string.Join(", ", Enumerable.Range(0, Rank).Select(axis => $"{self.Origin[axis]}:{self.End(axis)}")) + "]";
    }
}
