using System.Reflection;
using System.Text.Json;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;

namespace Upweave.Contracts.Tests;

/// <summary>Messages outlive the version that sent them: their names and forms on the wire are pinned here.</summary>
public sealed class MessageJsonTests
{
    private static readonly Guid Job = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    /// <summary>Camel case, as the bus writes them.</summary>
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web);

    public static TheoryData<object, string> Messages => new()
    {
        {
            new SubmitJob { JobId = Job, Specification = new JobSpecification { Version = 1, Input = "a", Layers = [new() { OutputPadding = [1] }] } },
            """
            {"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e","specification":{"version":1,"input":"a","output":null,"layers":[{"weights":null,
            "bias":null,"preset":null,"scale":null,"strides":null,"pads":null,"output_padding":[1],"dilations":null,"group":null,"auto_pad":null,
            "output_shape":null,"border":null,"activation":null}],"network":null,"dtype":null,"tile":null,"region":null,"algorithm":null,
            "precision":null,"format":null,"overwrite":null,"priority":null,"labels":null}}
            """
        },
        {
            new JobAccepted { JobId = Job, PlanHash = "p", TileCount = 5, Resumed = true },
            """{"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e","planHash":"p","tileCount":5,"resumed":true}"""
        },
        {
            new JobRejected { JobId = Job, Problems = [new Problem("f", "m", "h")] },
            """{"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e","problems":[{"field":"f","message":"m","hint":"h"}]}"""
        },
        {
            new ComputeTiles { JobId = Job, Output = "o", PlanHash = "p", Stage = JobStage.Compute, FirstTile = 5000000000, TileCount = 3, Attempt = 2 },
            """{"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e","output":"o","planHash":"p","stage":"Compute","firstTile":5000000000,"tileCount":3,"attempt":2}"""
        },
        {
            new TilesCompleted { JobId = Job, PlanHash = "p", Stage = JobStage.Ingest, FirstTile = 1, TileCount = 2, Costs = new TileCosts(1, 2, 3, 4, 5), Worker = "w" },
            """
            {"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e","planHash":"p","stage":"Ingest","firstTile":1,"tileCount":2,
            "costs":{"readSeconds":1,"computeSeconds":2,"writeSeconds":3,"bytesRead":4,"bytesWritten":5},"worker":"w"}
            """
        },
        {
            new TileFailed { JobId = Job, PlanHash = "p", Stage = JobStage.Export, Tile = 7, Attempt = 1, Kind = TileErrorKind.Corrupt, Message = "m", Worker = "w" },
            """
            {"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e","planHash":"p","stage":"Export","tile":7,"attempt":1,"kind":"Corrupt","message":"m","worker":"w"}
            """
        },
        {
            new JobProgressed { JobId = Job, Stage = JobStage.Commit, TilesDone = 1, TileCount = 2, BytesWritten = 3, Elapsed = TimeSpan.FromSeconds(90) },
            """{"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e","stage":"Commit","tilesDone":1,"tileCount":2,"bytesWritten":3,"elapsed":"00:01:30"}"""
        },
        {
            new JobCompleted
            {
                JobId = Job,
                Output = "o",
                Summary = new JobSummary
                {
                    Shape = [1, 2], Dtype = "uint8", TileCount = 3, TilesComputed = 2, HaloShare = 0.5, Elapsed = TimeSpan.FromSeconds(1),
                    Ingest = TimeSpan.Zero, Export = TimeSpan.FromSeconds(2), Costs = TileCosts.Zero,
                },
            },
            """
            {"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e","output":"o","summary":{"shape":[1,2],"dtype":"uint8","tileCount":3,"tilesComputed":2,
            "haloShare":0.5,"elapsed":"00:00:01","ingest":"00:00:00","export":"00:00:02",
            "costs":{"readSeconds":0,"computeSeconds":0,"writeSeconds":0,"bytesRead":0,"bytesWritten":0}}}
            """
        },
        {
            new JobFailed { JobId = Job, Reason = "r", FailedTiles = [] },
            """{"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e","reason":"r","failedTiles":[]}"""
        },
        { new JobCancelled { JobId = Job }, """{"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
        { new CancelJob { JobId = Job }, """{"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
        { new RetryJob { JobId = Job }, """{"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
        { new GetJob { JobId = Job }, """{"jobId":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
    };

    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public void Serialize_Message_GivesThePinnedJsonAndBack(object message, string json)
    {
        string written = JsonSerializer.Serialize(message, message.GetType(), Wire);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(json).RootElement, JsonDocument.Parse(written).RootElement), written);
        object read = JsonSerializer.Deserialize(written, message.GetType(), Wire)!;
        Assert.Equal(written, JsonSerializer.Serialize(read, message.GetType(), Wire));
    }

    [Fact]
    public void Messages_EveryTypeOfTheNamespace_IsPinned()
    {
        IEnumerable<string> pinned = Messages.Select(row => row.Data.Item1.GetType().Name);
        string[] parts = [nameof(JobSummary), nameof(TileCosts)];
        IEnumerable<string> all = typeof(SubmitJob).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == typeof(SubmitJob).Namespace && !type.IsEnum).Select(type => type.Name);
        Assert.Equal(all.Except(parts).Order(), pinned.Order());
    }

    [Fact]
    public void Messages_EveryType_IsASealedRecordInThePinnedNamespace()
    {
        foreach (Type type in Messages.Select(row => row.Data.Item1.GetType()))
        {
            Assert.Equal("Upweave.Contracts.Messages", type.Namespace);
            Assert.True(type.IsSealed, type.Name);
            Assert.NotNull(type.GetMethod("<Clone>$"));
            Assert.All(type.GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.True(property.CanRead && property.CanWrite));
        }
    }

    [Fact]
    public void TileCosts_Sum_AddsEachPart() =>
        Assert.Equal(new TileCosts(11, 22, 33, 44, 55), new TileCosts(1, 2, 3, 4, 5) + new TileCosts(10, 20, 30, 40, 50));

    [Fact]
    public void Problem_ToString_IsOneLine()
    {
        Assert.Equal("tile: It is large. hint: make it small", new Problem("tile", "It is large.", "make it small").ToString());
        Assert.Equal("It is large.", new Problem("", "It is large.").ToString());
    }
}
