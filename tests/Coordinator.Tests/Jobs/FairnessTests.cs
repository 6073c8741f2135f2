using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>Jobs that share a fleet whose queue is first come, first served.</summary>
public sealed class FairnessTests
{
    private const long Million = 1_000_000;

    /// <param name="lanes">Runs that the fleet holds at the same time.</param>
    /// <param name="heldMilliseconds">Time that each takes.</param>
    /// <param name="startSeconds">Within these the small job's first tile is in work: a few seconds, and what the tiles themselves take.</param>
    [Theory]
    [InlineData(3, 200, 4)]
    [InlineData(3, 3000, 10)]
    [InlineData(12, 1000, 5)]
    [InlineData(96, 1000, 5)]
    [InlineData(96, 50, 4)]
    [InlineData(192, 4000, 6)]
    public void SmallJob_BehindAMillionTiles_StartsWithinSeconds(int lanes, int heldMilliseconds, int startSeconds)
    {
        FleetModel fleet = new(lanes, TimeSpan.FromMilliseconds(heldMilliseconds), workerSlots: Math.Min(4, Math.Max(1, lanes - 2)));
        fleet.Submit(Million, priority: 0);
        fleet.RunFor(TimeSpan.FromSeconds(120));
        TimeSpan idleBefore = fleet.Idle;
        FleetModel.Job small = fleet.Submit(4, priority: 0);
        fleet.RunFor(TimeSpan.FromSeconds(60));
        Assert.InRange(small.Started!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(startSeconds));
        Assert.NotNull(small.Ended);

        // And nobody waits for work.
        Assert.InRange((fleet.Idle - idleBefore).TotalSeconds / (60.0 * lanes), 0, 0.01);
    }

    [Fact]
    public void Window_FixedAtThatOfAFleet_WouldKeepTheSmallJobWaiting() =>
        Assert.True(TimeSpan.FromSeconds(3) * CoordinatorOptions.FleetWindowRuns / 3 > TimeSpan.FromMinutes(4)); // the second case above

    [Fact]
    public void TwoLargeJobs_OfPriorities0And3_AreServedOneToFour()
    {
        FleetModel fleet = new(lanes: 48, TimeSpan.FromMilliseconds(500), workerSlots: 4);
        FleetModel.Job usual = fleet.Submit(Million, priority: 0);
        FleetModel.Job urgent = fleet.Submit(Million, priority: 3);
        fleet.RunFor(TimeSpan.FromSeconds(60));
        long usualBefore = usual.Done;
        long urgentBefore = urgent.Done;
        fleet.RunFor(TimeSpan.FromSeconds(600));
        Assert.InRange((double)(urgent.Done - urgentBefore) / (usual.Done - usualBefore), 3.6, 4.4);
    }

    [Fact]
    public void Fleet_ThatGrowsTenfold_IsBusyWithinAMinute()
    {
        FleetModel fleet = new(lanes: 12, TimeSpan.FromSeconds(2), workerSlots: 4);
        fleet.Submit(Million, priority: 0);
        fleet.RunFor(TimeSpan.FromSeconds(60));
        fleet.Grow(108);
        fleet.RunFor(TimeSpan.FromSeconds(60));
        TimeSpan idle = fleet.Idle;
        fleet.RunFor(TimeSpan.FromSeconds(60));
        Assert.InRange((fleet.Idle - idle).TotalSeconds / (60.0 * 120), 0, 0.01);
        Assert.InRange(fleet.Out, 120, CoordinatorOptions.FleetWindowRuns);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(0, 1)]
    [InlineData(3, 4)]
    [InlineData(-3, 0.25)]
    [InlineData(int.MaxValue, 101)]
    public void WeightOf_Priority_GrowsByOneEach(int? priority, double weight) => Assert.Equal(weight, WindowShares.WeightOf(priority));

    [Fact]
    public void Share_OfAPausedJob_IsTheOthers()
    {
        WindowShares shares = new(new FleetPace(new CoordinatorOptions { WindowRuns = 12, WorkerSlots = 4 }, TimeProvider.System));
        using WindowShares.Share one = shares.Join(0);
        Assert.Equal(12, one.Runs);
        using WindowShares.Share two = shares.Join(0);
        two.Out = 6;
        Assert.Equal(6, one.Runs);
        two.Out = 2;
        Assert.Equal(10, one.Runs); // what the other does not use
        Assert.Equal(12, two.Runs);
        one.Out = 10;
        Assert.Equal(6, two.Runs); // its own all the same
        two.IsUsed = false;
        two.Out = 0;
        Assert.Equal(12, one.Runs);
        two.IsUsed = true;
        two.Dispose();
        Assert.Equal(12, one.Runs);
    }
}
