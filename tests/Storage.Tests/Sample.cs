using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tests;

/// <summary>A random array in memory, and what the definition says of it in plain loops.</summary>
public sealed record Sample(Dims Shape, ElementType Type, byte[] Bytes)
{
    public int ElementBytes => Type.Size();

    public static Sample Random(Random random, int rankMax = 4, int extentMax = 12)
    {
        Dims shape = Dims.Build(random.Next(1, rankMax + 1), _ => random.Next(1, extentMax + 1));
        ElementType[] types = Enum.GetValues<ElementType>();
        return Random(random, shape, types[random.Next(types.Length)]);
    }

    public static Sample Random(Random random, Dims shape, ElementType type)
    {
        byte[] bytes = new byte[shape.Volume * type.Size()];
        random.NextBytes(bytes);
        return new Sample(shape, type, bytes);
    }

    public Box RandomBox(Random random)
    {
        Dims origin = Dims.Build(Shape.Count, axis => random.NextInt64(Shape[axis]));
        return new Box(origin, Dims.Build(Shape.Count, axis => 1 + random.NextInt64(Shape[axis] - origin[axis])));
    }

    /// <summary>The bytes of a box, element by element.</summary>
    public byte[] Cut(Box box)
    {
        List<byte> bytes = [];
        for (long index = 0; index < box.Volume; index++)
        {
            long place = 0;
            Dims at = Unravel(index, box.Shape);
            for (int axis = 0; axis < Shape.Count; axis++)
            {
                place = (place * Shape[axis]) + box.Origin[axis] + at[axis];
            }

            bytes.AddRange(Bytes.AsSpan((int)place * ElementBytes, ElementBytes));
        }

        return [.. bytes];
    }

    /// <summary>All elements in Fortran order: the first axis varies fastest.</summary>
    public byte[] FortranBytes()
    {
        byte[] result = new byte[Bytes.Length];
        for (long index = 0; index < Shape.Volume; index++)
        {
            Dims at = Unravel(index, Shape);
            long place = 0;
            for (int axis = Shape.Count - 1; axis >= 0; axis--)
            {
                place = (place * Shape[axis]) + at[axis];
            }

            Bytes.AsSpan((int)index * ElementBytes, ElementBytes).CopyTo(result.AsSpan((int)place * ElementBytes));
        }

        return result;
    }

    /// <summary>Each element's bytes reversed.</summary>
    public static byte[] Swap(byte[] bytes, int elementBytes) =>
        [.. bytes.Chunk(elementBytes).SelectMany(element => element.Reverse())];

    public static Dims Unravel(long index, Dims shape)
    {
        long[] at = new long[shape.Count];
        for (int axis = shape.Count - 1; axis >= 0; axis--)
        {
            at[axis] = index % shape[axis];
            index /= shape[axis];
        }

        return Dims.Create(at);
    }

    public static ValueTask<IArrayReader> OpenAsync(string path, string? identity = null) =>
        ArrayReaders.OpenAsync(new PlainPathCatalog(), path, identity, TestContext.Current.CancellationToken);

    public static async Task<byte[]> ReadAsync(IArrayReader reader, Box box)
    {
        byte[] bytes = new byte[box.Volume * reader.Info.Type.Size()];
        await reader.ReadAsync(box, bytes, TestContext.Current.CancellationToken);
        return bytes;
    }

    public static async Task<byte[]> ReadAllAsync(string path)
    {
        await using IArrayReader reader = await OpenAsync(path);
        return await ReadAsync(reader, Box.Whole(reader.Info.Shape));
    }
}
