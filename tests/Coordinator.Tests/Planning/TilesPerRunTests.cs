using Upweave.Contracts.Plans;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Planning;

/// <summary>How many tiles one message asks for.</summary>
public sealed class TilesPerRunTests : IDisposable
{
    private readonly JobFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2, 256, 16)] // 256 tiles, 8 runs for each of 2 slots
    [InlineData(16, 256, 2)]
    [InlineData(64, 256, 1)]
    [InlineData(1, 4096, 64)] // never more
    public async Task PlanAsync_SmallTiles_GiveEverySlotOfTheFleetEightRuns(int fleetSlots, long tiles, int expected)
    {
        folder.WriteNpy("in.npy", [tiles, 8], Numbers.Floats(tiles * 8));
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", "s/out.npy", [2, 16]), options => options.FleetSlots = fleetSlots);
        Assert.Equal(tiles, plan.Prediction.Tiles);
        Assert.Equal(expected, plan.TilesPerRun);
    }

    [Fact]
    public async Task PlanAsync_HeavyTiles_AskForAboutASecond()
    {
        // 128 tiles of 64 channels of 32 x 8, each element of 64 channels in x 31 x 31 taps: 2.0e9 operations a tile, 2e10 a run.
        folder.WriteNpy("in.npy", [64, 4096, 8], Numbers.Floats(64 * 4096 * 8));
        folder.WriteNpy("w.npy", [64, 64, 31, 31], Numbers.Floats(64 * 64 * 31 * 31));
        JobPlan plan = await Plans.MakeAsync(
            folder, Plans.Weights("s/in.npy", "s/out.npy", new() { Weights = "s/w.npy", Pads = [15] }) with { Tile = [32, 8] },
            options => options.FleetSlots = 1);
        Assert.Equal(128, plan.Prediction.Tiles);
        Assert.Equal(9, plan.TilesPerRun);
    }
}
