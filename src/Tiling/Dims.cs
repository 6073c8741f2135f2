using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Upweave.Tiling;

/// <summary>
/// An immutable list of 64-bit numbers, one per axis, outermost first: a shape, an origin, a stride, a kernel size.
/// Two are equal when their numbers are. Written as <c>[512,512]</c>.
/// </summary>
[CollectionBuilder(typeof(Dims), nameof(Create))]
public readonly struct Dims : IReadOnlyList<long>, IEquatable<Dims>
{
    private readonly long[]? values;

    private Dims(long[] values) => this.values = values;

    /// <summary>The number of axes.</summary>
    public int Count => values?.Length ?? 0;

    public long this[int axis] => AsSpan()[axis];

    /// <summary>The product of all numbers: for a shape, its elements. 1 for no axes.</summary>
    /// <exception cref="OverflowException">The product does not fit in 64 bits.</exception>
    public long Volume
    {
        get
        {
            // A 0 makes the product 0 wherever it stands, however large the others are.
            if (AsSpan().Contains(0))
                return 0;
            long product = 1;
            foreach (long value in AsSpan())
            {
                product = checked(product * value);
            }

            return product;
        }
    }

    public static Dims Create(ReadOnlySpan<long> values) => new(values.ToArray());

    /// <summary>The same number on every axis.</summary>
    public static Dims Repeat(long value, int count)
    {
        long[] values = new long[count];
        Array.Fill(values, value);
        return new Dims(values);
    }

    /// <summary>One number per axis, from its index.</summary>
    public static Dims Build(int count, Func<int, long> value)
    {
        long[] values = new long[count];
        for (int axis = 0; axis < count; axis++)
        {
            values[axis] = value(axis);
        }

        return new Dims(values);
    }

    public ReadOnlySpan<long> AsSpan() => values;

    public long[] ToArray() => AsSpan().ToArray();

    /// <summary>The axes from <paramref name="start"/> on.</summary>
    public Dims From(int start) => new(AsSpan()[start..].ToArray());

    /// <summary>These axes followed by those of <paramref name="tail"/>.</summary>
    public Dims Concat(Dims tail) => new([.. AsSpan(), .. tail.AsSpan()]);

    public bool Equals(Dims other) => AsSpan().SequenceEqual(other.AsSpan());

    public override bool Equals(object? obj) => obj is Dims other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (long value in AsSpan())
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    public static bool operator ==(Dims left, Dims right) => left.Equals(right);

    public static bool operator !=(Dims left, Dims right) => !left.Equals(right);

    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)(values ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() =>
        "[" + string.Join(",", this.Select(value => value.ToString(CultureInfo.InvariantCulture))) + "]";
}
