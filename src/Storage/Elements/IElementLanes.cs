namespace Upweave.Storage.Elements;

/// <summary>Vectors of one width, in lanes of 32 bits that are taken as integers or as float32.</summary>
/// <typeparam name="V">The vector.</typeparam>
internal interface IElementLanes<V>
    where V : struct
{
    /// <summary>Lanes of a vector.</summary>
    static abstract int Count { get; }

    static abstract V Of(uint bits);

    static abstract V Of(float value);

    /// <summary>As many numbers of 32 bits as there are lanes.</summary>
    static abstract V Load(ref readonly byte source);

    /// <summary>Bytes, with zeros above.</summary>
    static abstract V LoadBytes(ref readonly byte source);

    /// <summary>Numbers of 16 bits, with zeros above.</summary>
    static abstract V LoadShorts(ref readonly byte source);

    /// <summary>Float64, rounded to float32.</summary>
    static abstract V LoadDoubles(ref readonly byte source);

    static abstract void Store(V lanes, ref byte destination);

    /// <summary>The lowest bytes of four vectors.</summary>
    static abstract void StoreBytes(V first, V second, V third, V fourth, ref byte destination);

    /// <summary>The lowest 16 bits of two vectors.</summary>
    static abstract void StoreShorts(V first, V second, ref byte destination);

    /// <summary>Float32 as float64.</summary>
    static abstract void StoreDoubles(V floats, ref byte destination);

    static abstract V And(V left, V right);

    static abstract V Or(V left, V right);

    static abstract V Shl(V lanes, int bits);

    /// <summary>Fills with zeros.</summary>
    static abstract V Shr(V lanes, int bits);

    /// <summary>Fills with the sign.</summary>
    static abstract V Sar(V lanes, int bits);

    /// <summary>Sum of integers.</summary>
    static abstract V Add(V left, V right);

    /// <summary>All bits where the left integer is greater; both are below 2^31.</summary>
    static abstract V Greater(V left, V right);

    /// <summary>Lanes of <paramref name="yes"/> where the mask has all bits, else of <paramref name="no"/>.</summary>
    static abstract V Select(V mask, V yes, V no);

    static abstract V AddFloats(V left, V right);

    static abstract V MultiplyFloats(V left, V right);

    /// <summary>Floats between bounds; none is NaN.</summary>
    static abstract V ClampFloats(V floats, V least, V most);

    /// <summary>All bits where a float is a number.</summary>
    static abstract V IsNumber(V floats);

    /// <summary>Signed integers as the nearest float32.</summary>
    static abstract V ToFloats(V integers);

    /// <summary>Floats rounded to even and saturated to signed integers; NaN gives 0.</summary>
    static abstract V ToIntegers(V floats);
}
