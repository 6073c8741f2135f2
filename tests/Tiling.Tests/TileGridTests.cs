using CsCheck;

namespace Upweave.Tiling.Tests;

public sealed class TileGridTests
{
    /// <summary>Small arrays of 1 to 3 axes; a tile may be one element, and may be larger than the array.</summary>
    private static readonly Gen<TileGrid> Grids =
        Gen.Select(Gen.Long[1, 7], Gen.Long[1, 9]).Array[1, 3].Select(axes => new TileGrid(
            Dims.Build(axes.Length, axis => axes[axis].Item1), Dims.Build(axes.Length, axis => axes[axis].Item2)));

    [Fact]
    public void Tiles_SmallGrid_HoldEachElementOnce() => Property.Holds(Grids, grid =>
    {
        List<string> held = [];
        for (long tile = 0; tile < grid.Count; tile++)
        {
            held.AddRange(Elements(grid[tile]).Select(element => element.ToString()));
        }

        Assert.Equal(Elements(Box.Whole(grid.Shape)).Select(element => element.ToString()).Order(), held.Order());
    }, 300);

    [Fact]
    public void IndexOf_EveryElementOfATile_IsTheTile() => Property.Holds(Grids, grid =>
    {
        for (long tile = 0; tile < grid.Count; tile++)
        {
            Assert.All(Elements(grid[tile]), element => Assert.Equal(tile, grid.IndexOf(element)));
        }
    }, 300);

    [Fact]
    public void Covering_AnyBox_EqualsTilesOfItsElements() => Property.Holds(
        Gen.Select(Grids, Gen.Long[0, 999].Array[3], Gen.Long[0, 999].Array[3]), example =>
    {
        (TileGrid grid, long[] starts, long[] extents) = example;
        Dims origin = Dims.Build(grid.Shape.Count, axis => starts[axis] % grid.Shape[axis]);
        Box box = new(origin, Dims.Build(grid.Shape.Count, axis => 1 + (extents[axis] % (grid.Shape[axis] - origin[axis]))));
        Assert.Equal(Elements(box).Select(grid.IndexOf).Distinct().Order(), grid.Covering(box));
    }, 500);

    [Fact]
    public void Tiles_BeyondEdge_AreCut()
    {
        TileGrid grid = new([5, 3], [2, 8]);
        Assert.Equal(([2, 3], [3, 1], 3L), (grid.Tile, grid.Counts, grid.Count));
        Assert.Equal(new Box([0, 0], [2, 3]), grid[0]);
        Assert.Equal(new Box([4, 0], [1, 3]), grid[2]);
    }

    [Fact]
    public void Tiles_MoreThan32BitsOfThem_AreExact()
    {
        TileGrid grid = new([1L << 40, 1L << 20], [1, 3]);
        Assert.Equal(349_526L << 40, grid.Count);
        Assert.Equal(new Box([(1L << 40) - 1, (1L << 20) - 1], [1, 1]), grid[grid.Count - 1]);
        Property.Holds(Gen.Long[0, grid.Count - 1], tile =>
        {
            Assert.Equal(tile, grid.IndexOf(grid[tile].Origin));
            Assert.Equal(tile, grid.IndexOf(Dims.Build(2, axis => grid[tile].End(axis) - 1)));
        });
    }

    [Fact]
    public void Covering_FarBeyond32Bits_GivesTheTiles()
    {
        TileGrid grid = new([1L << 50, 10], [1L << 10, 5]);
        const long Middle = 1L << 39;
        Box box = new([(Middle << 10) - 1, 4], [2, 2]);
        Assert.Equal([(2 * Middle) - 2, (2 * Middle) - 1, 2 * Middle, (2 * Middle) + 1], grid.Covering(box));
    }

    [Fact]
    public void Constructor_TilesBeyond64Bits_Throws() =>
        Assert.Throws<OverflowException>(() => new TileGrid([1L << 40, 1L << 40], [1, 1]));

    [Fact]
    public void Constructor_BadShapes_Throws()
    {
        Assert.Throws<ArgumentException>(() => new TileGrid([4, 4], [2]));
        Assert.Throws<ArgumentException>(() => new TileGrid([4, 0], [2, 2]));
        Assert.Throws<ArgumentException>(() => new TileGrid([4, 4], [2, -1]));
    }

    [Fact]
    public void Lookups_OutsideTheGrid_Throw()
    {
        TileGrid grid = new([4, 4], [2, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => grid[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => grid[4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.IndexOf([0, 4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.IndexOf([-1, 0]));
        Assert.Throws<ArgumentException>(() => grid.Covering(new Box([0, 3], [1, 2])).ToList());
        Assert.Throws<ArgumentException>(() => grid.Covering(new Box([0, 0], [1, 0])).ToList());
    }

    private static IEnumerable<Dims> Elements(Box box)
    {
        if (box.Rank == 0)
            return [[]];
        return
            from first in Enumerable.Range(0, (int)box.Shape[0])
            from rest in Elements(box.From(1))
            select new Dims().Concat([box.Origin[0] + first]).Concat(rest);
    }
}
