using CsCheck;

namespace Upweave.Tiling.Tests;

public sealed class BoxTests
{
    private static readonly Gen<Box> Intervals =
        Gen.Select(Gen.Long[-8, 8], Gen.Long[0, 8], (origin, extent) => new Box([origin], [extent]));

    [Fact]
    public void Intersect_AnyTwo_HoldsPositionsOfBoth() => Property.Holds(Gen.Select(Intervals, Intervals), boxes =>
        Assert.Equal(
            Positions(boxes.Item1).Intersect(Positions(boxes.Item2)), Positions(boxes.Item1.Intersect(boxes.Item2))));

    [Fact]
    public void Contains_NonEmptyBox_MeansAllPositions() => Property.Holds(
        Gen.Select(Intervals, Intervals.Where(box => !box.IsEmpty)), boxes =>
        Assert.Equal(
            Positions(boxes.Item2).All(Positions(boxes.Item1).Contains), boxes.Item1.Contains(boxes.Item2)));

    [Fact]
    public void Intersect_SeveralAxes_IsTakenPerAxis() =>
        Assert.Equal(
            new Box([2, 5, -1], [3, 0, 1]),
            new Box([0, 0, -4], [5, 5, 4]).Intersect(new Box([2, 5, -1], [9, 2, 9])));

    [Fact]
    public void Intersect_BoxesAtBothEndsOf64Bits_IsEmpty() =>
        Assert.True(new Box([long.MinValue], [1]).Intersect(new Box([long.MaxValue - 1], [1])).IsEmpty);

    [Fact]
    public void EndAndTranslate_Beyond64Bits_Throw()
    {
        Box box = new([long.MaxValue], [1]);
        Assert.Throws<OverflowException>(() => box.End(0));
        Assert.Throws<OverflowException>(() => box.Translate([1]));
    }

    [Fact]
    public void Members_KnownBox_SayWhatItIs()
    {
        Box box = new([-1, 10, 5], [2, 3, 4]);
        Assert.Equal((3, 24L, false), (box.Rank, box.Volume, box.IsEmpty));
        Assert.Equal("[-1:1, 10:13, 5:9]", box.ToString());
        Assert.Equal(new Box([10, 5], [3, 4]), box.From(1));
        Assert.Equal(new Box([0, 8, 6], [2, 3, 4]), box.Translate([1, -2, 1]));
        Assert.Equal(new Box([0, 0], [3, 4]), Box.Whole([3, 4]));
        Assert.True(new Box([0, 0], [3, 0]).IsEmpty);
    }

    [Fact]
    public void Constructor_RanksDiffer_Throws() => Assert.Throws<ArgumentException>(() => new Box([0], [1, 1]));

    private static List<long> Positions(Box box)
    {
        List<long> positions = [];
        for (long i = box.Origin[0]; i < box.Origin[0] + box.Shape[0]; i++)
        {
            positions.Add(i);
        }

        return positions;
    }
}
