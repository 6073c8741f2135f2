using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Insight;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Insight;

/// <summary>The maps of an output with a pyramid: 200 x 200 in tiles of 32 x 32, 49 of them, then 16, 4 and 1.</summary>
public sealed class LevelMapTests : IDisposable
{
    private const byte Waiting = 0, Done = 1, Out = 2, Failed = 4;
    private readonly JobFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private JobPlan plan = null!;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Draw_EachLevel_HasTilesAndStatesOfItsOwn()
    {
        JobInsight insight = await StartAsync();
        Assert.Equal([49, 16, 4, 1], insight.Levels.Select(map => map.SliceCells));
        Assert.Equal([[1, 7, 7], [1, 4, 4], [1, 2, 2], [1, 1, 1]], insight.Levels.Select(map => map.Cells));
        Assert.Equal([200, 100, 50, 25], insight.Levels.Select(map => map.Grid.Shape[^1]));

        (TileSet full, DispatchWindow compute) = Begin(insight, JobStage.Compute, level: null, tiles: 49);
        Assert.NotEmpty(compute.Refill().ToArray());
        Assert.Equal(Out, insight.Draw(0, 0).State[0]);
        Assert.All(insight.Draw(1, 0).State, state => Assert.Equal(Waiting, state));
        Complete(insight, compute, full, JobStage.Compute, level: null, first: 0, count: 49);

        (TileSet below, DispatchWindow pyramid) = Begin(insight, JobStage.Pyramid, level: 1, tiles: 16);
        Assert.NotEmpty(pyramid.Refill().ToArray());
        Complete(insight, pyramid, below, JobStage.Pyramid, level: 1, first: 0, count: 1);
        TileFailed failed = new()
        {
            JobId = Guid.Empty, PlanHash = plan.Hash, Stage = JobStage.Pyramid, Level = 1, Tile = 1, Attempt = 1, Kind = TileErrorKind.Corrupt,
            Message = "m", Worker = "w",
        };
        pyramid.Fail(failed);
        insight.Fail(failed);
        TileMapAnswer first = insight.Draw(1, 0);
        Assert.Equal(1, first.Level);
        Assert.Equal([Done, Failed, Out], first.State[..3]);
        Assert.Equal((1, TileSeconds.Encode(2)), (first.Worker[0], first.Seconds[0]));
        TileMapAnswer whole = insight.Draw(0, 0);
        Assert.Null(whole.Level);
        Assert.All(whole.State, state => Assert.Equal(Done, state));
        Assert.All(insight.Draw(2, 0).State, state => Assert.Equal(Waiting, state));

        // How it stood when the job ended is kept.
        insight.End();
        Assert.Equal([Done, Failed, Out], insight.Draw(1, 0).State[..3]);
    }

    /// <summary>Tiles that another run has made.</summary>
    [Fact]
    public async Task Draw_ResumedInALowerLevel_ShowsWhatWasFound()
    {
        JobInsight insight = await StartAsync();
        (TileSet done, _) = Begin(insight, JobStage.Pyramid, level: 2, tiles: 4, found: 3);
        Assert.Equal([Waiting, Waiting, Waiting, Done], insight.Draw(2, 0).State);
        done.Add(0);
        insight.Recount(done);
        Assert.Equal([Done, Waiting, Waiting, Done], insight.Draw(2, 0).State);
        Assert.All(insight.Draw(1, 0).State, state => Assert.Equal(Waiting, state));
    }

    /// <summary>However large the job, all maps together have at most twice the cells of one.</summary>
    [Fact]
    public void Cells_OfLowerLevels_AreFewerAndFewer()
    {
        int cells = 0;
        for (int level = 0; level < 12; level++)
        {
            long side = 4_000_000 >> level;
            TileMapShape map = new(new Tiling.TileGrid([side, side], [32, 32]), "yx", TileMapShape.CellsMax >> level);
            Assert.InRange(map.SliceCells, 1, TileMapShape.CellsMax >> level);
            cells += map.SliceCells;
        }

        Assert.InRange(cells, TileMapShape.CellsMax / 4, 2 * TileMapShape.CellsMax);
    }

    private async Task<JobInsight> StartAsync()
    {
        folder.WriteNpy("in.npy", "|u1", [100, 100], new byte[10_000]);
        JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.ome.zarr", [32]) with
        {
            Format = new FormatSpecification { Pyramid = true, Chunk = [32] },
        };
        plan = await Plans.MakeAsync(folder, specification);
        return new JobInsight(plan, new PlanGeometry(plan), folder.Place("out.ome.zarr"), time);
    }

    /// <param name="found">A tile that is done; null for none.</param>
    private (TileSet Done, DispatchWindow Window) Begin(JobInsight insight, JobStage stage, int? level, long tiles, long? found = null)
    {
        TileSet done = new(tiles);
        if (found is { } tile)
            done.Add(tile);
        DispatchWindow window = new(done, tilesPerRun: 1, windowRuns: 4, new RetryPolicy(3, 3), time);
        insight.Begin(stage, level, done, window);
        return (done, window);
    }

    private static void Complete(JobInsight insight, DispatchWindow window, TileSet done, JobStage stage, int? level, long first, int count)
    {
        insight.Complete(
            new TilesCompleted
            {
                JobId = Guid.Empty, PlanHash = "", Stage = stage, Level = level, FirstTile = first, TileCount = count, Worker = "w",
                Costs = new TileCosts(ReadSeconds: 0, ComputeSeconds: 2.0 * count, WriteSeconds: 0, BytesRead: 0, BytesWritten: 0),
            },
            done, TimeSpan.FromSeconds(1));
        window.Complete(first, count);
    }
}
