using Upweave.Contracts.Plans;
using Upweave.Coordinator.Planning;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Coordinator.Tests.Planning;

/// <summary>Where outputs lie: by the formula of OME-NGFF's users, and by what the elements say of themselves.</summary>
public sealed class OutputSpaceTests
{
    [Fact]
    public void Of_AlignedSpace_IsScaleAndTranslationByTheFormula()
    {
        double[] scale = [2, 0.5], translation = [10, -3];
        ConvTransposeGeometry geometry = Geometry([6, 7], kernel: [4, 3], strides: [2, 3], padsBegin: [1, -2], dilations: [1, 2]);
        PlannedSpace space = OutputSpace.Of(ArraySpace.Of("yx", scale, translation, ["micrometer", null]), geometry, [5, 0])!;
        for (int axis = 0; axis < 2; axis++)
        {
            (long kernel, long stride, long pad) = (geometry.Kernel[axis], geometry.Strides[axis], geometry.PadsBegin[axis]);
            double expected = translation[axis]
                - (scale[axis] * (((kernel - 1) * geometry.Dilations[axis] / 2.0) - pad) / stride)
                + (axis == 0 ? 5 * scale[axis] / stride : 0); // the region begins at the sixth row
            Assert.Equal(scale[axis] / stride, space.Affine[axis][axis], 12);
            Assert.Equal(expected, space.Affine[axis][2], 12);
        }

        Assert.Equal(["micrometer", null], space.Units);
    }

    [Fact]
    public void Of_Impulse_HasItsCentreOfMassWhereItWas()
    {
        // One element alone, through a layer of ones: the middle of what it becomes lies where the element lay.
        ConvTransposeGeometry geometry = Geometry([9], kernel: [5], strides: [3], padsBegin: [2], dilations: [2]);
        const int at = 4;
        double centre = Enumerable.Range(0, 5).Average(tap => (at * 3) + (tap * 2) - 2);
        PlannedSpace space = OutputSpace.Of(ArraySpace.Of("x", [0.7], [11]), geometry, [0])!;
        Assert.Equal(11 + (0.7 * at), space.Affine[0][1] + (space.Affine[0][0] * centre), 12);
    }

    [Fact]
    public void Of_RotatedSpace_MovesBothAxes()
    {
        ArraySpace rotated = ArraySpace.Of("yx", [1, 1], [0, 0]) with { Affine = [[0.0, 2, 1], [-3, 0, 4]] };
        PlannedSpace space = OutputSpace.Of(rotated, Geometry([4, 4], [2, 2], [2, 2], [0, 0], [1, 1]), [0, 0])!;
        Assert.Equal([0, 1, 1 - 0.5], space.Affine[0]);
        Assert.Equal([-1.5, 0, 4 + 0.75], space.Affine[1]);
    }

    [Fact]
    public void Of_NoSpace_IsNone() => Assert.Null(OutputSpace.Of(null, Geometry([4], [2], [2], [0], [1]), [0]));

    private static ConvTransposeGeometry Geometry(Dims input, Dims kernel, Dims strides, Dims padsBegin, Dims dilations) => new()
    {
        Input = input,
        Kernel = kernel,
        Strides = strides,
        PadsBegin = padsBegin,
        PadsEnd = Dims.Repeat(0, input.Count),
        OutputPadding = Dims.Repeat(0, input.Count),
        Dilations = dilations,
    };
}
