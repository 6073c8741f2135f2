namespace Upweave.Interop.Tests.Support;

/// <summary>Arrays with their axes in another order, by plain loops.</summary>
public static class Axes
{
    /// <summary>Numpy's letter codes without their byte order, and the bytes of an element.</summary>
    public static int ElementBytes(string descr) => descr[^1] - '0';

    /// <param name="axes">One letter per axis of the array.</param>
    /// <param name="order">Letters; those that the array lacks have the extent 1, and are part of the result.</param>
    public static NpyArray Reorder(this NpyArray array, string axes, string order)
    {
        Assert.Empty(axes.Except(order));
        int size = ElementBytes(array.Descr);
        long[] steps = new long[order.Length];
        long[] shape = new long[order.Length];
        for (int axis = 0; axis < order.Length; axis++)
        {
            int source = axes.IndexOf(order[axis], StringComparison.Ordinal);
            shape[axis] = source < 0 ? 1 : array.Shape[source];
            steps[axis] = source < 0 ? 0 : array.Shape.Skip(source + 1).Aggregate(1L, (product, extent) => product * extent);
        }

        byte[] bytes = new byte[array.Bytes.Length];
        long[] index = new long[order.Length];
        for (int element = 0; element < bytes.Length / size; element++)
        {
            long from = index.Zip(steps, (at, step) => at * step).Sum();
            array.Bytes.AsSpan((int)from * size, size).CopyTo(bytes.AsSpan(element * size));
            for (int axis = order.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
            {
                index[axis] = 0;
            }
        }

        return array with { Shape = shape, Bytes = bytes };
    }

    /// <summary>The same elements without axes of extent 1.</summary>
    public static NpyArray Squeeze(this NpyArray array) => array with { Shape = [.. array.Shape.Where(extent => extent > 1)] };
}
