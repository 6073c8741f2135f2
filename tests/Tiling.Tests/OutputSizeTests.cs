using System.Numerics;
using CsCheck;

namespace Upweave.Tiling.Tests;

public sealed class OutputSizeTests
{
    [Fact]
    public void Output_AnyAxis_EqualsLengthOfScatter() => Property.Holds(AxisCase.Any, axis =>
    {
        HashSet<long> written = [];
        for (long i = 0; i < axis.Input; i++)
        {
            for (long k = 0; k < axis.Kernel; k++)
            {
                written.Add((i * axis.Stride) + (k * axis.Dilation));
            }
        }

        // The written positions span the unpadded output; padding cuts it at both ends, output padding lengthens it.
        long unpadded = written.Max() - written.Min() + 1;
        Assert.Equal([unpadded - axis.PadBegin - axis.PadEnd + axis.OutputPadding], AxisCase.Geometry(axis).Output);
    });

    [Fact]
    public void Output_SeveralAxes_IsThatOfEachAxis() => Property.Holds(AxisCase.Any.Array[1, 3], axes =>
        Assert.Equal(axes.Select(axis => AxisCase.Geometry(axis).Output[0]), AxisCase.Geometry(axes).Output), 300);

    [Fact]
    public void Output_HugeInput_IsExactOrThrows() => Property.Holds(
        Gen.Select(Gen.Long[1, long.MaxValue], Gen.Int[0, 62], Gen.Long[1, 8], Gen.Long[1, 64]), numbers =>
    {
        (long random, int shift, long stride, long kernel) = numbers;
        long input = (random >> shift) + 1;
        BigInteger expected = ((BigInteger)(input - 1) * stride) + kernel;
        ConvTransposeGeometry layer = AxisCase.Geometry(new AxisCase(input, kernel, stride));
        if (expected <= long.MaxValue)
            Assert.Equal(expected, layer.Output[0]);
        else
            Assert.Throws<OverflowException>(() => layer.Output);
    });

    /// <summary>
    /// PyTorch 1.13.1's <c>conv_transposeNd</c>: columns are input, kernel, stride, padding, output padding, dilation,
    /// and the size of the tensor it returned, outermost axis first.
    /// </summary>
    [Theory]
    [InlineData("17,13", "2,2", "2,2", "0,0", "0,0", "1,1", "34,26")]
    [InlineData("15,11", "4,4", "2,2", "1,1", "0,0", "1,1", "30,22")]
    [InlineData("19,23", "9,9", "2,2", "4,4", "1,1", "1,1", "38,46")]
    [InlineData("13,11", "9,9", "3,3", "4,4", "2,2", "1,1", "39,33")]
    [InlineData("21,17", "16,16", "8,8", "4,4", "0,0", "1,1", "168,136")]
    [InlineData("9,14", "3,3", "4,3", "0,0", "0,0", "1,1", "35,42")]
    [InlineData("12,9", "1,1", "3,3", "0,0", "0,0", "1,1", "34,25")]
    [InlineData("30,1", "1,9", "1,2", "0,4", "0,0", "1,1", "30,1")]
    [InlineData("57", "16", "4", "6", "0", "1", "228")]
    [InlineData("1", "7", "3", "0", "0", "1", "7")]
    [InlineData("5,6,7", "3,3,3", "2,2,2", "1,1,1", "1,1,1", "1,1,1", "10,12,14")]
    [InlineData("4,5,3", "1,2,3", "1,2,3", "0,0,0", "0,0,0", "1,1,1", "4,10,9")]
    [InlineData("11,11", "3,3", "1,1", "1,1", "0,0", "3,3", "15,15")]
    [InlineData("9,7", "5,4", "2,1", "6,4", "0,0", "3,2", "17,5")]
    [InlineData("12,10", "3,3", "2,2", "4,3", "0,0", "1,1", "17,15")]
    [InlineData("98", "3", "4", "1", "0", "3", "393")]
    [InlineData("57", "2", "3", "0", "2", "1", "172")]
    [InlineData("8,22", "3,1", "4,2", "2,0", "3,0", "1,2", "30,43")]
    [InlineData("7,5", "1,6", "1,4", "0,0", "2,3", "3,3", "9,35")]
    [InlineData("23,9", "6,3", "2,1", "0,0", "0,1", "1,2", "50,14")]
    [InlineData("3,3,11", "6,3,3", "4,4,3", "0,2,0", "0,2,1", "3,1,1", "24,9,34")]
    public void Output_PyTorchCase_EqualsItsSize(
        string input, string kernel, string stride, string padding, string outputPadding, string dilation, string expected)
    {
        ConvTransposeGeometry layer = new()
        {
            Input = Parse(input),
            Kernel = Parse(kernel),
            Strides = Parse(stride),
            PadsBegin = Parse(padding),
            PadsEnd = Parse(padding),
            OutputPadding = Parse(outputPadding),
            Dilations = Parse(dilation),
        };
        Assert.Equal(Parse(expected), layer.Output);
    }

    private static Dims Parse(string list) => Dims.Create([.. list.Split(',').Select(long.Parse)]);
}
