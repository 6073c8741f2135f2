using Upweave.Contracts.Plans;
using Upweave.Coordinator.Planning;
using Upweave.Tiling;

namespace Upweave.Coordinator.Tests.Planning;

public sealed class PyramidPlannerTests
{
    [Fact]
    public void Plan_Plane_IsHalvedUntilItFitsInAChunk()
    {
        IReadOnlyList<PlannedLevel> levels = PyramidPlanner.Plan([3, 1001, 600], new AxisLayout(false, true, 2), null, [1, 256, 256]);
        Assert.Equal([[3, 501, 300], [3, 251, 150]], levels.Select(level => level.Shape));
        Assert.Equal([[1, 2, 2], [1, 4, 4]], levels.Select(level => level.Factors));
    }

    [Fact]
    public void Plan_NoLargerThanAChunk_HasNoLevels() =>
        Assert.Empty(PyramidPlanner.Plan([256, 17], new AxisLayout(false, false, 2), null, [256, 256]));

    [Fact]
    public void Plan_ThickSlices_WaitUntilTheOthersHaveCaughtUp()
    {
        IReadOnlyList<PlannedLevel> levels = PyramidPlanner.Plan(
            [40, 512, 512], new AxisLayout(false, false, 3), Space([4, 1, 1], "micrometer", "micrometer", "micrometer"), [64, 64, 64]);
        Assert.Equal([[40, 256, 256], [40, 128, 128], [20, 64, 64]], levels.Select(level => level.Shape));
    }

    [Fact]
    public void Plan_UnitsThatDiffer_AreNotCompared()
    {
        IReadOnlyList<PlannedLevel> levels = PyramidPlanner.Plan(
            [128, 128, 128], new AxisLayout(false, false, 3), Space([4, 1, 1], "millimeter", "micrometer", "micrometer"), [64, 64, 64]);
        Assert.Equal([[64, 64, 64]], levels.Select(level => level.Shape));
    }

    [Fact]
    public void Plan_FlatVolume_KeepsItsOneSlice()
    {
        IReadOnlyList<PlannedLevel> levels = PyramidPlanner.Plan([1, 300, 70], new AxisLayout(false, false, 3), null, [64, 64, 64]);
        Assert.Equal([[1, 150, 35], [1, 75, 18], [1, 38, 9]], levels.Select(level => level.Shape));
    }

    private static PlannedSpace Space(double[] spacing, params string[] units) => new()
    {
        Axes = "zyx",
        Affine = [[spacing[0], 0, 0, 0], [0, -spacing[1], 0, 5], [0, 0, spacing[2], 0]],
        Units = units,
    };
}
