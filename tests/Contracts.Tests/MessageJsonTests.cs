using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Upweave.Contracts.Messages;

namespace Upweave.Contracts.Tests;

/// <summary>Messages outlive the version that sent them: their names and forms on the wire are pinned here.</summary>
public sealed class MessageJsonTests
{
    private static readonly Guid Job = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    /// <summary>As the bus writes them.</summary>
    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = WireNames.Naming };

    private static readonly JobProgressed Progress = new()
    {
        JobId = Job, Stage = JobStage.Commit, TilesDone = 1, TileCount = 2, BytesWritten = 3, Elapsed = TimeSpan.FromSeconds(90),
    };

    public static TheoryData<object, string> Messages => new()
    {
        {
            new SubmitJob { Specification = """{"version":1,"input":"a","surprise":[1, 2]}""" },
            """{"version":1,"input":"a","surprise":[1, 2]}"""
        },
        {
            new JobAccepted { JobId = Job, PlanHash = "p", TileCount = 5, Resumed = true },
            """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","plan_hash":"p","tile_count":5,"resumed":true}"""
        },
        {
            new JobRejected { JobId = Job, Problems = [new Problem("f", "m", "h")] },
            """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","problems":[{"field":"f","message":"m","hint":"h"}]}"""
        },
        {
            new ComputeTiles { JobId = Job, Output = "o", PlanHash = "p", Stage = JobStage.Compute, FirstTile = 5000000000, TileCount = 3, Attempt = 2, TraceParent = "t" },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","output":"o","plan_hash":"p","stage":"compute",
            "first_tile":5000000000,"tile_count":3,"attempt":2,"trace_parent":"t"}
            """
        },
        {
            new ComputeTiles
            {
                JobId = Job, Output = "o", PlanHash = "p", Stage = JobStage.Compute, FirstTile = 1, TileCount = 3, Attempt = 2,
                SentAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","output":"o","plan_hash":"p","stage":"compute",
            "first_tile":1,"tile_count":3,"attempt":2,"trace_parent":null,"sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        {
            new TilesCompleted { JobId = Job, PlanHash = "p", Stage = JobStage.Ingest, FirstTile = 1, TileCount = 2, Costs = new TileCosts(1, 2, 3, 4, 5), Worker = "w" },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","plan_hash":"p","stage":"ingest","first_tile":1,"tile_count":2,
            "costs":{"read_seconds":1,"compute_seconds":2,"write_seconds":3,"bytes_read":4,"bytes_written":5},"worker":"w"}
            """
        },
        {
            new TileFailed { JobId = Job, PlanHash = "p", Stage = JobStage.Export, Tile = 7, Attempt = 1, Kind = TileErrorKind.Corrupt, Message = "m", Worker = "w" },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","plan_hash":"p","stage":"export","tile":7,"attempt":1,"kind":"corrupt","message":"m","worker":"w"}
            """
        },
        {
            new TilesCompleted
            {
                JobId = Job, PlanHash = "p", Stage = JobStage.Compute, FirstTile = 1, TileCount = 2, Costs = TileCosts.Zero, Worker = "w", HeldSeconds = 4,
                Slowest = new SlowTile(2, 1.5, "4bf92f3577b34da6a3ce929d0e0e4736"),
            },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","plan_hash":"p","stage":"compute","first_tile":1,"tile_count":2,
            "costs":{"read_seconds":0,"compute_seconds":0,"write_seconds":0,"bytes_read":0,"bytes_written":0},"held_seconds":4,"worker":"w",
            "slowest":{"tile":2,"seconds":1.5,"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}}
            """
        },
        {
            new TileFailed
            {
                JobId = Job, PlanHash = "p", Stage = JobStage.Pyramid, Level = 2, Tile = 7, Attempt = 1, Kind = TileErrorKind.Transient, Message = "m", Worker = "w",
                TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","plan_hash":"p","stage":"pyramid","level":2,"tile":7,"attempt":1,"kind":"transient","message":"m",
            "worker":"w","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}
            """
        },
        { new SlowTile(5000000000, 0.25, "t"), """{"tile":5000000000,"seconds":0.25,"trace_id":"t"}""" },
        {
            new TileFailed { JobId = Job, PlanHash = "p", Stage = JobStage.Compute, Tile = 7, Attempt = 1, Kind = TileErrorKind.Transient, Message = "m",
                Postponed = true, Worker = "w" },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","plan_hash":"p","stage":"compute","tile":7,"attempt":1,"kind":"transient","message":"m",
            "postponed":true,"worker":"w"}
            """
        },
        {
            new TileFailed { JobId = Job, PlanHash = "p", Stage = JobStage.Compute, Tile = 7, Attempt = 1, Kind = TileErrorKind.Transient, Message = "m",
                Postponed = true, ShortOfMemory = true, Worker = "w" },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","plan_hash":"p","stage":"compute","tile":7,"attempt":1,"kind":"transient","message":"m",
            "postponed":true,"short_of_memory":true,"worker":"w"}
            """
        },
        {
            Progress,
            """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","stage":"commit","tiles_done":1,"tile_count":2,"bytes_written":3,"elapsed":"00:01:30"}"""
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
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","output":"o","summary":{"shape":[1,2],"dtype":"uint8","tile_count":3,"tiles_computed":2,
            "halo_share":0.5,"elapsed":"00:00:01","ingest":"00:00:00","export":"00:00:02",
            "costs":{"read_seconds":0,"compute_seconds":0,"write_seconds":0,"bytes_read":0,"bytes_written":0}}}
            """
        },
        {
            new JobFailed { JobId = Job, Reason = "r", FailedTiles = [] },
            """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","reason":"r","failed_tiles":[]}"""
        },
        { new JobCancelled { JobId = Job }, """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
        { new CancelJob { JobId = Job }, """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
        { new RetryJob { JobId = Job }, """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
        {
            new JobStatus { JobId = Job, Output = "o", State = JobState.Failed, Progress = Progress, Reason = "r" },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","output":"o","state":"failed","reason":"r","summary":null,"progress":
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","stage":"commit","tiles_done":1,"tile_count":2,"bytes_written":3,"elapsed":"00:01:30"}}
            """
        },
        { new PauseJob { JobId = Job }, """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
        { new ResumeJob { JobId = Job }, """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
        {
            new JobStatus { JobId = Job, Output = "o", State = JobState.Running, Progress = Progress, Paused = true, Warning = "w" },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","output":"o","state":"running","paused":true,"warning":"w","reason":null,
            "summary":null,"progress":
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","stage":"commit","tiles_done":1,"tile_count":2,"bytes_written":3,"elapsed":"00:01:30"}}
            """
        },
        {
            new TilesCompleted { JobId = Job, PlanHash = "p", Stage = JobStage.Compute, FirstTile = 1, TileCount = 2, Costs = TileCosts.Zero, HeldSeconds = 1.5, Worker = "w" },
            """
            {"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e","plan_hash":"p","stage":"compute","first_tile":1,"tile_count":2,
            "costs":{"read_seconds":0,"compute_seconds":0,"write_seconds":0,"bytes_read":0,"bytes_written":0},"held_seconds":1.5,"worker":"w"}
            """
        },
        { new JobList { Jobs = [] }, """{"jobs":[]}""" },
        { new GetJob { JobId = Job }, """{"job_id":"0f8fad5b-d9cb-469f-a165-70867728950e"}""" },
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

    /// <summary>A fleet is replaced process by process: what a later version adds is ignored by the others, wherever it stands.</summary>
    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public void Deserialize_FieldsOfALaterVersion_AreIgnored(object message, string json)
    {
        if (message is SubmitJob)
            return; // the specification itself, in which an unknown field is an error that its sender hears of
        JsonNode changed = JsonNode.Parse(json)!;
        AddFields(changed);
        object read = changed.Deserialize(message.GetType(), Wire)!;
        Assert.Equal(JsonSerializer.Serialize(message, message.GetType(), Wire), JsonSerializer.Serialize(read, message.GetType(), Wire));
    }

    private static void AddFields(JsonNode? node)
    {
        IEnumerable<JsonNode?> inside = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray array => array,
            _ => [],
        };
        foreach (JsonNode? child in inside)
        {
            AddFields(child);
        }

        if (node is JsonObject place)
            place["added_later"] = new JsonObject { ["value"] = new JsonArray(1, "two", null) };
    }

    [Fact]
    public void Messages_EveryTypeOfTheNamespace_IsPinned()
    {
        IEnumerable<string> pinned = Messages.Select(row => row.Data.Item1.GetType().Name);
        string[] parts = [nameof(JobSummary), nameof(TileCosts)];
        IEnumerable<string> all = typeof(SubmitJob).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == typeof(SubmitJob).Namespace && !type.IsEnum).Select(type => type.Name);
        Assert.Equal(all.Except(parts).Order(), pinned.Distinct().Order());
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
