using CsCheck;

namespace Upweave.Tiling.Tests;

public sealed class PadResolverTests
{
    private static readonly Gen<(AxisCase Axis, AutoPad Mode, long Wanted)> Cases = Gen.Select(
        AxisCase.Any.Select(axis => axis with { PadBegin = 0, PadEnd = 0 }),
        Gen.Enum<AutoPad>(),
        Gen.Long[1, 70]);

    [Fact]
    public void Resolve_OutputShape_FollowsOnnxFormula() => Property.Holds(Cases, layer =>
        AssertFollowsFormula(layer.Axis, layer.Mode, layer.Wanted, [layer.Wanted]));

    [Fact]
    public void Resolve_SameWithoutOutputShape_FollowsOnnxFormula() => Property.Holds(Cases, layer =>
    {
        AutoPad mode = layer.Wanted % 2 == 0 ? AutoPad.SameUpper : AutoPad.SameLower;
        AssertFollowsFormula(layer.Axis, mode, layer.Axis.Input * layer.Axis.Stride, null);
    });

    [Theory]
    [InlineData(AutoPad.NotSet)]
    [InlineData(AutoPad.Valid)]
    public void Resolve_NoOutputShapeWanted_LeavesPadsAlone(AutoPad mode)
    {
        ConvTransposeGeometry layer = AxisCase.Geometry(new AxisCase(5, 4, 2), new AxisCase(3, 2, 3));
        Assert.Equal(layer, PadResolver.Resolve(layer, mode, null));
    }

    /// <summary>Worked by hand; the first three are shapes from the examples in ONNX's page on ConvTranspose.</summary>
    [Theory]
    // 3 in, K = 3, S = 2: 7 covered, 6 wanted.
    [InlineData(3, 3, 2, AutoPad.SameUpper, null, 0, 1)]
    [InlineData(3, 3, 2, AutoPad.SameLower, null, 1, 0)]
    // 3 in, K = 3, S = 3: 9 covered, 10 wanted: one more at the end.
    [InlineData(3, 3, 3, AutoPad.NotSet, 10L, 0, -1)]
    // 5 in, K = 4, S = 2: 12 covered; 9 wanted leaves 3, 8 leaves 4.
    [InlineData(5, 4, 2, AutoPad.SameUpper, 9L, 1, 2)]
    [InlineData(5, 4, 2, AutoPad.NotSet, 9L, 2, 1)]
    [InlineData(5, 4, 2, AutoPad.Valid, 8L, 2, 2)]
    // K = 1, S = 3: 13 covered, 15 wanted: an even extension is not split either.
    [InlineData(5, 1, 3, AutoPad.SameLower, null, 0, -2)]
    public void Resolve_HandWorkedCase_EqualsIt(
        long input, long kernel, long stride, AutoPad mode, long? wanted, long padBegin, long padEnd)
    {
        Dims? outputShape = wanted is { } extent ? [extent] : null;
        ConvTransposeGeometry resolved =
            PadResolver.Resolve(AxisCase.Geometry(new AxisCase(input, kernel, stride)), mode, outputShape);
        Assert.Equal(([padBegin], [padEnd]), (resolved.PadsBegin, resolved.PadsEnd));
    }

    [Fact]
    public void Resolve_SeveralAxes_ResolvesEach()
    {
        ConvTransposeGeometry layer = AxisCase.Geometry(new AxisCase(5, 4, 2), new AxisCase(3, 3, 3));
        ConvTransposeGeometry resolved = PadResolver.Resolve(layer, AutoPad.SameUpper, [9, 10]);
        Assert.Equal(layer with { PadsBegin = [1, 0], PadsEnd = [2, -1] }, resolved);
    }

    [Fact]
    public void Resolve_WantedBeyond64Bits_Throws() => Assert.Throws<OverflowException>(() =>
        PadResolver.Resolve(AxisCase.Geometry(new AxisCase((1L << 62) + 1, 1, 2)), AutoPad.SameUpper, null));

    private static void AssertFollowsFormula(AxisCase axis, AutoPad mode, long wanted, Dims? outputShape)
    {
        long total = (axis.Stride * (axis.Input - 1)) + axis.OutputPadding + (((axis.Kernel - 1) * axis.Dilation) + 1) - wanted;
        (long begin, long end) = (total, mode) switch
        {
            ( < 0, _) => (0, total),
            (_, AutoPad.SameUpper) => (total / 2, total - (total / 2)),
            _ => (total - (total / 2), total / 2),
        };
        ConvTransposeGeometry resolved = PadResolver.Resolve(AxisCase.Geometry(axis), mode, outputShape);
        Assert.Equal(AxisCase.Geometry(axis with { PadBegin = begin, PadEnd = end }), resolved);
        Assert.Equal([wanted], resolved.Output);
    }
}
