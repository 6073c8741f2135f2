namespace Upweave.Interop.Tests.Support;

/// <summary>Arrays of every element type.</summary>
public static class ElementKinds
{
    /// <summary>Names of zarr and of Upweave, and numpy's codes.</summary>
    public static IReadOnlyList<(string Name, string Descr)> All { get; } =
    [
        ("bool", "|b1"), ("int8", "|i1"), ("uint8", "|u1"), ("int16", "<i2"), ("uint16", "<u2"), ("int32", "<i4"), ("uint32", "<u4"),
        ("int64", "<i8"), ("uint64", "<u8"), ("float16", "<f2"), ("float32", "<f4"), ("float64", "<f8"),
    ];

    public static IEnumerable<(string Name, string Descr)> Without(params string[] names) => All.Where(type => !names.Contains(type.Name));

    /// <summary>Bytes of noise and extremes; floats have their NaNs and infinities among them.</summary>
    public static NpyArray Noise(string descr, params long[] shape)
    {
        long count = shape.Aggregate(1L, (product, extent) => product * extent);
        byte[] bytes = NpyArray.RandomBytes(3107, count * Axes.ElementBytes(descr)).Bytes;
        return new NpyArray(descr, shape, descr == "|b1" ? [.. bytes.Select(value => (byte)(value & 1))] : bytes);
    }

    /// <summary>Small whole numbers from 0 to 240, different from neighbour to neighbour: exact in every type.</summary>
    public static NpyArray Numbers(string descr, params long[] shape)
    {
        long count = shape.Aggregate(1L, (product, extent) => product * extent);
        IEnumerable<int> numbers = Enumerable.Range(0, (int)count).Select(index => (int)(index * 7919L % 241));
        return new NpyArray(descr, shape, [.. numbers.SelectMany(number => Bytes(descr, number))]);
    }

    private static byte[] Bytes(string descr, int number) => descr[1..] switch
    {
        "f2" => BitConverter.GetBytes((Half)number),
        "f4" => BitConverter.GetBytes((float)number),
        "f8" => BitConverter.GetBytes((double)number),
        "b1" => [(byte)(number & 1)],
        _ => BitConverter.GetBytes((long)number)[..Axes.ElementBytes(descr)],
    };
}
