using Upweave.Storage.Npy;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>A format of one run of elements behind a header.</summary>
/// <param name="Header">All bytes before the first element: a pure function of the layout.</param>
/// <param name="Order">The array's axes as they are stored, outermost first.</param>
internal sealed record LinearFormat(byte[] Header, int[] Order)
{
    /// <summary>numpy's, in C order.</summary>
    public static LinearFormat Npy(OutputLayout layout) =>
        new(NpyHeader.Write(layout.Type, layout.Shape), [.. Enumerable.Range(0, layout.Shape.Count)]);

    /// <summary>Extents of the array or of a part, as they are stored.</summary>
    public Dims Stored(Dims shape) => Dims.Build(shape.Count, axis => shape[Order[axis]]);

    /// <summary>A box of the array as it is stored.</summary>
    public Box Stored(Box box) => new(Stored(box.Origin), Stored(box.Shape));

    /// <summary>
    /// A tile that is a run of the stored elements, and has them in the array's order: where axes are stored the other way round, the
    /// outer one gets 1.
    /// </summary>
    /// <param name="cut">A run of an array of C order.</param>
    public Dims Cut(Func<Dims, Dims> cut, Dims shape)
    {
        Dims stored = cut(Stored(shape));
        Dims tile = Dims.Build(shape.Count, axis => stored[Array.IndexOf(Order, axis)]);
        return KeepsOrder(tile) ? tile : Dims.Build(shape.Count, axis => axis == Order[0] ? 1 : tile[axis]);
    }

    /// <summary>A part of this shape has its elements in the order in which they are stored.</summary>
    public bool KeepsOrder(Dims part)
    {
        int[] axes = [.. Order.Where(axis => part[axis] > 1)];
        return axes.SequenceEqual(axes.Order());
    }
}
