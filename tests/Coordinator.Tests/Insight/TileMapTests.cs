using System.Diagnostics;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Insight;
using Upweave.Coordinator.Jobs;
using Upweave.Storage.Arrays;
using Upweave.Tests;
using Upweave.Tiling;

namespace Upweave.Coordinator.Tests.Insight;

public sealed class TileMapTests
{
    public static TheoryData<long[], long[], string> Grids => new()
    {
        { [16, 12], [2, 12], "yx" },
        { [1000], [3], "x" },
        { [3, 500, 700], [3, 64, 64], "cyx" },
        { [2, 3, 40, 50, 60], [1, 3, 7, 8, 9], "nczyx" },
        { [1000, 1000], [1, 1], "yx" },
        { [100, 100, 100], [1, 1, 1], "zyx" },
        { [100_000, 1, 2], [1, 1, 1], "zyx" },
    };

    [Theory]
    [MemberData(nameof(Grids))]
    public void Cells_OfAnyGrid_AreFewAndHoldEveryTileOnce(long[] shape, long[] tile, string axes)
    {
        TileMapShape map = new(new TileGrid(Dims.Create(shape), Dims.Create(tile)), axes);
        int cells = map.Cells[0] * map.SliceCells;
        Assert.InRange(cells, 1, Math.Min(TileMapShape.CellsMax, map.Grid.Count));
        long[] counts = new long[cells];
        for (long index = 0; index < map.Grid.Count; index++)
        {
            counts[map.CellOf(index)]++;
        }

        Assert.Equal(counts, Enumerable.Range(0, cells).Select(map.TilesIn));
    }

    [Fact]
    public void TextOf_OneSlicedAxis_SaysWhichElements()
    {
        TileMapShape map = new(new TileGrid([3, 40, 50, 60], [3, 16, 50, 60]), "czyx");
        Assert.Equal(["z 0:16", "z 16:32", "z 32:40"], Enumerable.Range(0, 3).Select(map.TextOf));
        Assert.Equal("c 0:3, z 32:40, y 0:50, x 0:60", map.BoxOf(2));
    }

    [Fact]
    public void Draw_CellsOfFourTiles_ShowTheGravestOfThem()
    {
        TileMapShape shape = new(new TileGrid([512, 512], [1, 1]), "yx");
        Assert.Equal([1, 2, 2], shape.TilesPerCell);
        TileMap map = new(shape);
        foreach (long tile in new long[] { 0, 1, 512, 513, 2 })
        {
            map.Complete(tile, tile + 1, 1);
        }

        TileMapAnswer answer = map.Draw(0, new TilesAside([3, 4], [514, 6], [Failed(7)]), ["", "w"]);
        Assert.Equal([1, 3, 2, 4, 0], answer.State[..5]);
        Assert.Equal([255, 63, 0, 0, 0], answer.Done[..5]);
        Assert.Equal([TileSeconds.Encode(514), TileSeconds.Encode(3), 0], answer.Seconds[..3]);
        Assert.Equal([1, 1, 0], answer.Worker[..3]);
    }

    /// <summary>Law 5: at most 16 bytes a tile, those of the rest of the coordinator included.</summary>
    [Fact]
    public void Map_OfTenMillionTiles_IsSmallAndSoonLoaded()
    {
        TileGrid grid = new([4000, 2500], [1, 1]);
        TileSet done = new(grid.Count);
        for (long tile = 0; tile < grid.Count; tile += 2)
        {
            done.Add(tile);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        TileMap map = new(new TileMapShape(grid, "yx"));
        map.Load(done);
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1 << 20);
        Assert.InRange(taken, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        TileMapAnswer answer = map.Draw(0, TilesAside.None, [""]);
        Assert.All(answer.Done, share => Assert.InRange(share, 120, 135));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.0001, 1)]
    [InlineData(0.001, 1)]
    [InlineData(0.002, 13)]
    [InlineData(1.024, 121)]
    [InlineData(1e9, 255)]
    public void Seconds_AreDoubledEveryTwelveSteps(double seconds, byte expected) => Assert.Equal(expected, TileSeconds.Encode(seconds));

    private static TileFailed Failed(long tile) => new()
    {
        JobId = Guid.Empty, PlanHash = "", Stage = JobStage.Compute, Tile = tile, Attempt = 1, Kind = TileErrorKind.Corrupt, Message = "m", Worker = "w",
    };
}
