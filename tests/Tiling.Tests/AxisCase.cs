using CsCheck;

namespace Upweave.Tiling.Tests;

/// <summary>One spatial axis of a layer; a geometry is built from one of these per axis.</summary>
internal sealed record AxisCase(
    long Input, long Kernel, long Stride, long PadBegin = 0, long PadEnd = 0, long OutputPadding = 0, long Dilation = 1)
{
    /// <summary>Every legal mixture of small numbers: gaps, crops beyond the kernel, extensions, any dilation.</summary>
    public static Gen<AxisCase> Any { get; } = Gen.Select(
        Gen.Long[1, 9], Gen.Long[1, 6], Gen.Long[1, 5], Gen.Long[-4, 8], Gen.Long[-4, 8], Gen.Long[0, 59], Gen.Long[1, 4],
        (input, kernel, stride, padBegin, padEnd, extra, dilation) => new AxisCase(
            input, kernel, stride, padBegin, padEnd, extra % Math.Max(stride, dilation), dilation));

    public static ConvTransposeGeometry Geometry(params AxisCase[] axes)
    {
        Dims Each(Func<AxisCase, long> number) => Dims.Build(axes.Length, axis => number(axes[axis]));
        return new ConvTransposeGeometry
        {
            Input = Each(axis => axis.Input),
            Kernel = Each(axis => axis.Kernel),
            Strides = Each(axis => axis.Stride),
            PadsBegin = Each(axis => axis.PadBegin),
            PadsEnd = Each(axis => axis.PadEnd),
            OutputPadding = Each(axis => axis.OutputPadding),
            Dilations = Each(axis => axis.Dilation),
        };
    }
}
