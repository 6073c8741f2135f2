using System.Diagnostics;
using Upweave.Contracts.Messages;
using Upweave.ServiceDefaults;
using Upweave.Tests;

namespace Upweave.Worker.Tests;

[Collection(TelemetryCollection.Name)]
public sealed class TaskTelemetryTests
{
    private const string JobSpan = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task Consume_TwoTiles_EachIsATraceOfItsOwnLinkedToTheJob()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        using Witness witness = new(WorkerTelemetry.Name);
        using Activity message = new Activity("message").Start();
        await scene.ConsumeAsync(scene.Message(2, 2) with { TraceParent = JobSpan, Attempt = 3 });
        Assert.Same(message, Activity.Current);
        Assert.Equal(2, witness.Spans("tile").Count);
        foreach (Activity tile in witness.Spans("tile"))
        {
            Assert.Equal(default, tile.ParentSpanId);
            Assert.NotEqual(message.TraceId, tile.TraceId);
            ActivityContext job = Assert.Single(tile.Links).Context;
            Assert.Equal("0af7651916cd43dd8448eb211c80319c", job.TraceId.ToString());
            Assert.Equal("b7ad6b7169203331", job.SpanId.ToString());
            Assert.Equal(ActivityStatusCode.Unset, tile.Status);
        }

        Assert.Equal(2, witness.Spans("tile").Select(tile => tile.TraceId).Distinct().Count());
    }

    [Fact]
    public async Task Consume_Tile_SpanSaysWhatWasDone()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        using Witness witness = new(WorkerTelemetry.Name);
        await scene.ConsumeAsync(scene.Message(2, 1) with { Attempt = 3 });
        Activity tile = Assert.Single(witness.Spans("tile"));
        Assert.Equal(Guid.Empty.ToString(), tile.GetTagItem(TelemetryNames.JobId));
        Assert.Equal(2L, tile.GetTagItem(TelemetryNames.TileIndex));
        Assert.Equal(3, tile.GetTagItem(TelemetryNames.TileAttempt));
        Assert.Equal("[0:3, 6:9, 0:14]", tile.GetTagItem(TelemetryNames.TileBox));
        Assert.Equal("completed", tile.GetTagItem(TelemetryNames.TileState));
        Assert.Equal("w", tile.GetTagItem(TelemetryNames.Worker));
        Assert.Equal(scene.Plan.Layers[0].Algorithm, tile.GetTagItem(TelemetryNames.Algorithm));
        Assert.NotEmpty((string)tile.GetTagItem(TelemetryNames.Technique)!);
        TileCosts costs = Assert.Single(scene.Heard.Completed).Costs;
        Assert.Equal(costs.BytesRead, tile.GetTagItem(TelemetryNames.BytesRead));
        Assert.Equal(costs.BytesWritten, tile.GetTagItem(TelemetryNames.BytesWritten));
        Assert.Empty(tile.Links);
    }

    [Fact]
    public async Task Consume_Tile_PhasesAreItsChildren()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        using Witness witness = new(WorkerTelemetry.Name);
        await scene.ConsumeAsync(scene.Message(0, 1));
        Activity tile = Assert.Single(witness.Spans("tile"));
        DateTime last = tile.StartTimeUtc;
        foreach (string phase in new[] { "read", "compute", "write" })
        {
            Activity span = Assert.Single(witness.Spans(phase));
            Assert.Equal(tile.SpanId, span.ParentSpanId);
            Assert.Equal(tile.TraceId, span.TraceId);
            Assert.InRange(span.StartTimeUtc, last, tile.StartTimeUtc + tile.Duration);
            last = span.StartTimeUtc;
        }
    }

    [Fact]
    public async Task Consume_Tiles_AreMeasured()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        using Witness witness = new(WorkerTelemetry.Name);
        await scene.ConsumeAsync(scene.Message());
        foreach (string seconds in new[] { TelemetryNames.TileReadDuration, TelemetryNames.TileComputeDuration, TelemetryNames.TileWriteDuration })
        {
            Assert.Equal(6, witness.Values(seconds).Count);
            Assert.All(witness.Values(seconds), value => Assert.InRange(value, 0, 60));
        }

        Assert.Equal(6, witness.Values(TelemetryNames.TileDuration, "upweave.tile.state=completed").Count);
        Assert.Equal(scene.Plan.Prediction.BytesRead, witness.Sum(TelemetryNames.BytesRead));
        Assert.Equal(3 * 18 * 14 * 4, witness.Sum(TelemetryNames.BytesWritten));
        Assert.Equal(scene.Plan.Prediction.Flops / 2, witness.Sum(TelemetryNames.MultiplyAdds), 6.0); // rounded tile by tile
        Assert.Empty(witness.Values(TelemetryNames.QueueDuration)); // nobody said when the run was sent
        Assert.Equal(0, witness.Sum(TelemetryNames.SlotsBusy));
        Assert.Contains(1.0, witness.Values(TelemetryNames.SlotsBusy));
    }

    [Fact]
    public async Task Consume_RunThatLayInTheQueue_SaysHowLong()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        using Witness witness = new(WorkerTelemetry.Name);
        await scene.ConsumeAsync(scene.Message(0, 2) with { SentAt = DateTimeOffset.UtcNow.AddSeconds(-100) });
        await scene.ConsumeAsync(scene.Message(2, 1) with { SentAt = DateTimeOffset.UtcNow.AddSeconds(100) }); // a clock that is ahead
        Assert.Equal(2, witness.Values(TelemetryNames.QueueDuration).Count);
        Assert.InRange(witness.Values(TelemetryNames.QueueDuration)[0], 100, 160);
        Assert.Equal(0, witness.Values(TelemetryNames.QueueDuration)[1]);
        Assert.Equal(
            [witness.Values(TelemetryNames.QueueDuration)[0], witness.Values(TelemetryNames.QueueDuration)[0], 0.0],
            witness.Spans("tile").Select(tile => tile.GetTagItem(TelemetryNames.QueueWait)).Cast<double>());
    }

    [Fact]
    public async Task Consume_TileFails_SpanSaysWhyAndWhere()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await scene.ConsumeAsync(scene.Message(0, 1)); // opens the job
        scene.Folder.WriteNpy("in.npy", [2, 9, 7], Numbers.Floats(126, seed: 77));
        using Witness witness = new(WorkerTelemetry.Name);
        await scene.ConsumeAsync(scene.Message(1, 1) with { TraceParent = JobSpan });
        Activity tile = Assert.Single(witness.Spans("tile"));
        Assert.Equal(ActivityStatusCode.Error, tile.Status);
        Assert.Equal(Assert.Single(scene.Heard.Failed).Message, tile.StatusDescription);
        Assert.Equal("failed", tile.GetTagItem(TelemetryNames.TileState));
        Assert.Equal("exception", Assert.Single(tile.Events).Name);
        Assert.Single(tile.Links);
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(witness.Spans("read")).Status);
        Assert.Empty(witness.Spans("compute"));
        Assert.Single(witness.Values(TelemetryNames.TileDuration, "upweave.tile.state=failed"));
        Assert.Equal(1, witness.Sum(TelemetryNames.TileErrors, "upweave.error.kind=invalid"));
        Assert.Empty(witness.Values(TelemetryNames.TileReadDuration));
        Assert.Empty(witness.Values(TelemetryNames.BytesWritten));
    }

    [Theory]
    [InlineData(JobStage.Ingest, "ingest")]
    [InlineData(JobStage.Export, "export")]
    public async Task Consume_PictureTaskFails_IsLinkedAndAnError(JobStage stage, string name)
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        using Witness witness = new(WorkerTelemetry.Name);
        await scene.ConsumeAsync(scene.Message(0, 1, stage) with { TraceParent = JobSpan }); // there is no picture
        Activity span = Assert.Single(witness.Spans(name));
        Assert.Equal(default, span.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("b7ad6b7169203331", Assert.Single(span.Links).Context.SpanId.ToString());
        Assert.Empty(witness.Values(TelemetryNames.TileDuration));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task Consume_NoTraceContext_HasNoLink(string? traceParent)
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        using Witness witness = new(WorkerTelemetry.Name);
        await scene.ConsumeAsync(scene.Message(0, 1) with { TraceParent = traceParent });
        Assert.Empty(Assert.Single(witness.Spans("tile")).Links);
    }
}
