using Upweave.Bench.Shapes;
using Upweave.Kernels;

namespace Upweave.Bench.Contestants;

/// <summary>The numbers that all contestants of a row share: uniform in [-1, 1), from a fixed seed.</summary>
internal sealed class RowData : IDisposable
{
    private const int Seed = 20260101;
    private const int BytesPerFloat = 4;

    public RowData(ShapeRow row)
    {
        Row = row;
        Input = new AlignedBuffer(BytesPerFloat * row.InputShape.Volume);
        Weights = new AlignedBuffer(BytesPerFloat * row.Layer.WeightShape.Volume);
        Random random = new(Seed);
        Fill(Input.Floats, random);
        Fill(Weights.Floats, random);
    }

    private RowData(ShapeRow row, AlignedBuffer input, AlignedBuffer weights) => (Row, Input, Weights) = (row, input, weights);

    public ShapeRow Row { get; }

    /// <summary>[N, Cin, in...].</summary>
    public AlignedBuffer Input { get; }

    /// <summary>[Cin, Cout/groups, k...].</summary>
    public AlignedBuffer Weights { get; }

    /// <summary>The same with all signs positive: a layer of these gives the sum of |x*w| behind each output.</summary>
    public RowData Magnitudes() => new(Row, Magnitudes(Input), Magnitudes(Weights));

    public void Dispose()
    {
        Input.Dispose();
        Weights.Dispose();
    }

    private static AlignedBuffer Magnitudes(AlignedBuffer from)
    {
        AlignedBuffer to = new(from.Memory.Length);
        Span<float> target = to.Floats;
        ReadOnlySpan<float> source = from.Floats;
        for (int index = 0; index < target.Length; index++)
        {
            target[index] = Math.Abs(source[index]);
        }

        return to;
    }

    private static void Fill(Span<float> numbers, Random random)
    {
        foreach (ref float number in numbers)
        {
            number = (2 * random.NextSingle()) - 1;
        }
    }
}
