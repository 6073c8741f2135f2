using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Bench.Shapes;

/// <summary>One layer to measure: a row of a shape file, or a drawn one.</summary>
internal sealed record ShapeRow(string Name, int Batch, ConvTransposeLayer Layer, string Source)
{
    private const int BytesPerFloat = 4;

    public Dims Output { get; } = Layer.Geometry.Output;

    public Dims InputShape => Dims.Create([Batch, Layer.InputChannels]).Concat(Layer.Geometry.Input);

    public Dims OutputShape => Dims.Create([Batch, Layer.OutputChannels]).Concat(Output);

    /// <summary>2 * N * Cin/groups * Cout * prod(K) * prod(in): every tap of every input, also those that padding crops.</summary>
    public double Flops => FlopsPerPair * Layer.Geometry.Kernel.Volume * Layer.Geometry.Input.Volume;

    /// <summary>The same without the taps that land outside the output.</summary>
    public double FlopsNeeded => FlopsPerPair * Enumerable.Range(0, Output.Count).Aggregate(1.0, (product, axis) => product * Pairs(axis));

    /// <summary>Input, output and weights, each once.</summary>
    public double Bytes => BytesPerFloat * ((double)InputShape.Volume + OutputShape.Volume + Layer.WeightShape.Volume);

    /// <summary>The most products that one output sums.</summary>
    public long TermsMost =>
        Layer.InputChannelsPerGroup * Enumerable.Range(0, Output.Count).Aggregate(1L, (product, axis) => product * TapsMost(axis));

    private double FlopsPerPair => 2.0 * Batch * Layer.InputChannelsPerGroup * Layer.OutputChannels;

    /// <summary>(input, tap) pairs of an axis that land in the output.</summary>
    private long Pairs(int axis)
    {
        ConvTransposeGeometry g = Layer.Geometry;
        long pairs = 0;
        for (long input = 0; input < g.Input[axis]; input++)
        {
            for (long tap = 0; tap < g.Kernel[axis]; tap++)
            {
                long output = (input * g.Strides[axis]) + (tap * g.Dilations[axis]) - g.PadsBegin[axis];
                pairs += output >= 0 && output < Output[axis] ? 1 : 0;
            }
        }

        return pairs;
    }

    private long TapsMost(int axis)
    {
        ConvTransposeGeometry g = Layer.Geometry;
        long period = g.Strides[axis] / (long)System.Numerics.BigInteger.GreatestCommonDivisor(g.Strides[axis], g.Dilations[axis]);
        return (g.Kernel[axis] + period - 1) / period;
    }
}
