using Upweave.Contracts.Messages;

namespace Upweave.Contracts.Tests;

/// <summary>What a message about tiles may say, at both sides of each bound.</summary>
public sealed class MessageRulesTests
{
    private static readonly string Plan = new('a', 32);

    private static readonly ComputeTiles Run = new()
    {
        JobId = Guid.Empty, Output = "s/o.npy", PlanHash = Plan, Stage = JobStage.Compute, FirstTile = 0, TileCount = 1, Attempt = 1,
    };

    private static readonly TilesCompleted Completed = new()
    {
        JobId = Guid.Empty, PlanHash = Plan, Stage = JobStage.Compute, FirstTile = 0, TileCount = 1, Costs = TileCosts.Zero, Worker = "w",
    };

    private static readonly TileFailed Failed = new()
    {
        JobId = Guid.Empty, PlanHash = Plan, Stage = JobStage.Compute, Tile = 0, Attempt = 1, Kind = TileErrorKind.Corrupt, Message = "m", Worker = "",
    };

    public static TheoryData<ComputeTiles> GoodRuns =>
    [
        Run, Run with { TileCount = MessageRules.TilesMax }, Run with { FirstTile = MessageRules.GridMax - 1 }, Run with { Level = 1, Stage = JobStage.Pyramid },
        Run with { Attempt = int.MaxValue }, Run with { TraceParent = "00-1-2-01" },
    ];

    public static TheoryData<ComputeTiles> BadRuns =>
    [
        Run with { TileCount = 0 }, Run with { TileCount = MessageRules.TilesMax + 1 }, Run with { FirstTile = -1 }, Run with { FirstTile = MessageRules.GridMax },
        Run with { FirstTile = long.MaxValue }, Run with { Level = 0 }, Run with { Level = MessageRules.LevelMax + 1 }, Run with { Attempt = 0 },
        Run with { Output = "" }, Run with { Output = null! }, Run with { PlanHash = null! }, Run with { PlanHash = Plan.ToUpperInvariant() },
        Run with { PlanHash = Plan + "a" }, Run with { Stage = (JobStage)99 }, Run with { TraceParent = new string('t', MessageRules.NameMax + 1) },
    ];

    public static TheoryData<TilesCompleted> BadReports =>
    [
        Completed with { Costs = null! }, Completed with { Costs = TileCosts.Zero with { ReadSeconds = double.NaN } },
        Completed with { Costs = TileCosts.Zero with { ComputeSeconds = double.PositiveInfinity } },
        Completed with { Costs = TileCosts.Zero with { WriteSeconds = -1 } }, Completed with { Costs = TileCosts.Zero with { BytesRead = -1 } },
        Completed with { Costs = TileCosts.Zero with { BytesWritten = long.MaxValue } }, Completed with { HeldSeconds = double.NaN },
        Completed with { Worker = null! }, Completed with { TileCount = -1 },
    ];

    public static TheoryData<TileFailed> BadFailures =>
    [
        Failed with { Message = null! }, Failed with { Message = new string('m', MessageRules.TextMax + 1) }, Failed with { Attempt = 0 },
        Failed with { Kind = (TileErrorKind)9 }, Failed with { Tile = -1 }, Failed with { Worker = null! },
    ];

    [Theory]
    [MemberData(nameof(GoodRuns), DisableDiscoveryEnumeration = true)]
    public void FaultOf_GoodRun_IsNone(ComputeTiles run) => Assert.Null(MessageRules.FaultOf(run));

    [Theory]
    [MemberData(nameof(BadRuns), DisableDiscoveryEnumeration = true)]
    public void FaultOf_BadRun_SaysWhatIsWrong(ComputeTiles run) => Assert.NotNull(MessageRules.FaultOf(run));

    [Theory]
    [MemberData(nameof(BadReports), DisableDiscoveryEnumeration = true)]
    public void FaultOf_BadReport_SaysWhatIsWrong(TilesCompleted report) => Assert.NotNull(MessageRules.FaultOf(report));

    [Theory]
    [MemberData(nameof(BadFailures), DisableDiscoveryEnumeration = true)]
    public void FaultOf_BadFailure_SaysWhatIsWrong(TileFailed report) => Assert.NotNull(MessageRules.FaultOf(report));

    [Fact]
    public void FaultOf_GoodReports_IsNone()
    {
        Assert.Null(MessageRules.FaultOf(Completed));
        Assert.Null(MessageRules.FaultOf(Failed));
    }
}
