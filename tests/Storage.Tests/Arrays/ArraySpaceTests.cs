using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tests.Arrays;

public sealed class ArraySpaceTests
{
    private static readonly double[] Origin = [0.5, -2];
    private static readonly double[] Step = [0.5, 0.25];

    [Fact]
    public void Resample_Aligned_MovesScaleAndTranslation()
    {
        ArraySpace space = ArraySpace.Of("yx", [2, 3], [10, 20], ["micrometer", null]).Resample(Origin, Step);
        Assert.True(space.IsAligned);
        Assert.Equal([1, 0.75], space.Scale);
        Assert.Equal([11, 14], space.Translation);
        Assert.Equal(["micrometer", null], space.Units);
    }

    [Fact]
    public void Resample_Sheared_PutsEveryElementWhereItWas()
    {
        ArraySpace before = new() { Axes = "yx", Affine = [[2, 1, 5], [-1, 3, 7]], Units = [null, null] };
        ArraySpace after = before.Resample(Origin, Step);
        Assert.False(after.IsAligned);
        Assert.Equal(Math.Sqrt(5) / 2, after.Scale[0], 1e-12);
        foreach ((double y, double x) in new[] { (0.0, 0.0), (3, 0), (2, 9) })
        {
            for (int row = 0; row < 2; row++)
            {
                double expected = (before.Affine[row][0] * (0.5 + (y * 0.5))) + (before.Affine[row][1] * (-2 + (x * 0.25))) + before.Affine[row][2];
                Assert.Equal(expected, (after.Affine[row][0] * y) + (after.Affine[row][1] * x) + after.Affine[row][2], 1e-12);
            }
        }
    }
}
