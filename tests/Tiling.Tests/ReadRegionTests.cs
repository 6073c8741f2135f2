using CsCheck;

namespace Upweave.Tiling.Tests;

public sealed class ReadRegionTests
{
    private static readonly Gen<(AxisCase Axis, long Origin, long Extent)> AxisAndOutputs =
        Gen.Select(AxisCase.Any, Gen.Long[-20, 60], Gen.Long[1, 12]);

    [Fact]
    public void ReadRegion_AnyDilation_HoldsEveryTouchedInput() => Property.Holds(AxisAndOutputs, outputs =>
    {
        List<long> region = Positions(Region(outputs));
        Assert.Subset(region.ToHashSet(), Touched(outputs));
    });

    /// <summary>
    /// At dilation 1 the taps of one output reach an unbroken run of K positions of the unpadded output, and those of
    /// neighbouring outputs overlap or adjoin; so every multiple of the stride in their union is touched, for kernels
    /// smaller than the stride as well.
    /// </summary>
    [Fact]
    public void ReadRegion_DilationOne_HoldsNothingElse() => Property.Holds(AxisAndOutputs, outputs =>
    {
        outputs.Axis = outputs.Axis with { Dilation = 1, OutputPadding = 0 };
        Assert.Equal(Touched(outputs).Order(), Positions(Region(outputs)));
    });

    [Fact]
    public void ReadRegion_SeveralAxes_IsThatOfEachAxis() => Property.Holds(AxisAndOutputs.Array[1, 3], axes =>
    {
        Box output = new(
            Dims.Build(axes.Length, axis => axes[axis].Origin), Dims.Build(axes.Length, axis => axes[axis].Extent));
        Box region = AxisCase.Geometry([.. axes.Select(axis => axis.Axis)]).ReadRegion(output);
        Assert.Equal(axes.Select(axis => Region(axis).Origin[0]), region.Origin);
        Assert.Equal(axes.Select(axis => Region(axis).Shape[0]), region.Shape);
    }, 300);

    [Fact]
    public void ReadRegion_OutputsFarBeyond32Bits_MovesWithThem() => Property.Holds(AxisAndOutputs, outputs =>
    {
        const long Inputs = 1L << 40;
        var far = outputs with { Origin = outputs.Origin + (Inputs * outputs.Axis.Stride) };
        Assert.Equal(Region(outputs).Translate([Inputs]), Region(far));
    });

    /// <summary>Whatever part of its cells a box holds, it reads what they all read.</summary>
    [Fact]
    public void ReadRegion_CellsOfTwo_IsThatOfTheOutputsOfWholeCells() => Property.Holds(AxisAndOutputs, outputs =>
    {
        ConvTransposeGeometry geometry = AxisCase.Geometry(outputs.Axis);
        ConvTransposeGeometry paired = geometry with { Cell = [2] };
        long cell = 2 * outputs.Axis.Stride;
        long first = outputs.Origin;
        while ((first + outputs.Axis.PadBegin) % cell != 0)
            first--;
        long end = outputs.Origin + outputs.Extent;
        while ((end + outputs.Axis.PadBegin) % cell != 0)
            end++;
        Box region = paired.ReadRegion(new Box([outputs.Origin], [outputs.Extent]));
        Assert.Equal(geometry.ReadRegion(new Box([first], [end - first])), region);
        Assert.InRange(region.Shape[0], 0, paired.MaxReadShape([outputs.Extent])[0]);
    });

    /// <summary>Worked by hand from o = i*S + k - padBegin.</summary>
    [Theory]
    // x2, K = 4, pad 1: output 0 takes inputs -1 (tap 3) and 0 (tap 1), output 1 takes inputs 0 (tap 2) and 1 (tap 0).
    [InlineData(4, 2, 1, 0, 1, -1, 2)]
    [InlineData(4, 2, 1, 1, 1, 0, 2)]
    [InlineData(4, 2, 1, 0, 2, -1, 3)]
    // K = 1, stride 3: outputs 1 and 2 lie in a gap, output 3 is input 1.
    [InlineData(1, 3, 0, 1, 2, 1, 0)]
    [InlineData(1, 3, 0, 1, 3, 1, 1)]
    // K = 3, stride 1: a halo of 2 before.
    [InlineData(3, 1, 0, 10, 5, 8, 7)]
    // An extension of 2 at the beginning: outputs 0 and 1 precede input 0.
    [InlineData(2, 2, -2, 0, 2, -1, 1)]
    public void ReadRegion_HandWorkedCase_EqualsIt(
        long kernel, long stride, long padBegin, long origin, long extent, long expectedOrigin, long expectedExtent) =>
        Assert.Equal(
            new Box([expectedOrigin], [expectedExtent]),
            Region((new AxisCase(Input: 100, kernel, stride, padBegin), origin, extent)));

    [Fact]
    public void ReadRegion_EndBeyond64Bits_Throws() => Assert.Throws<OverflowException>(
        () => Region((new AxisCase(Input: 10, Kernel: 3, Stride: 1, PadBegin: 4), long.MaxValue - 5, 5)));

    [Fact]
    public void ReadRegion_ExtentBeyond64Bits_Throws() => Assert.Throws<OverflowException>(
        () => Region((new AxisCase(Input: 10, Kernel: 1L << 62, Stride: 1), 0, long.MaxValue)));

    [Fact]
    public void ClipToInput_AnyRegion_HoldsItsPositionsInTheArray() => Property.Holds(AxisAndOutputs, outputs =>
    {
        Box region = Region(outputs);
        IEnumerable<long> inside = Positions(region).Where(i => i >= 0 && i < outputs.Axis.Input);
        Assert.Equal(inside, Positions(AxisCase.Geometry(outputs.Axis).ClipToInput(region)));
    });

    [Fact]
    public void ClampToInput_AnyRegion_HoldsItsNearestElements() => Property.Holds(AxisAndOutputs, outputs =>
    {
        Box region = Region(outputs);
        IEnumerable<long> nearest = Positions(region)
            .Select(i => i < 0 ? 0 : i >= outputs.Axis.Input ? outputs.Axis.Input - 1 : i).Distinct();
        Assert.Equal(nearest, Positions(AxisCase.Geometry(outputs.Axis).ClampToInput(region)));
    });

    private static Box Region((AxisCase Axis, long Origin, long Extent) outputs) =>
        AxisCase.Geometry(outputs.Axis).ReadRegion(new Box([outputs.Origin], [outputs.Extent]));

    private static List<long> Positions(Box box)
    {
        List<long> positions = [];
        for (long i = box.Origin[0]; i < box.End(0); i++)
        {
            positions.Add(i);
        }

        return positions;
    }

    /// <summary>By definition: input i reaches output o through tap k when o = i*S + k*D - padBegin.</summary>
    private static HashSet<long> Touched((AxisCase Axis, long Origin, long Extent) outputs)
    {
        (AxisCase axis, long origin, long extent) = outputs;
        HashSet<long> touched = [];
        for (long o = origin; o < origin + extent; o++)
        {
            for (long k = 0; k < axis.Kernel; k++)
            {
                long scaled = o + axis.PadBegin - (k * axis.Dilation);
                if (scaled % axis.Stride == 0)
                    touched.Add(scaled / axis.Stride);
            }
        }

        return touched;
    }
}
