using RabbitMQ.Client;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Tests.Otlp;
using Upweave.Tests.Schema;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>What a collector gets of real jobs: hosts as processes, over RabbitMQ, with every tile traced.</summary>
[Collection(ServersCollection.Name)]
public sealed class TelemetryTests(ServersFixture servers) : IAsyncLifetime
{
    private const int Tiles = 9;
    private const string SenderTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string SenderSpan = "b7ad6b7169203331";
    private static readonly Guid Job = new("3b8fad5b-d9cb-469f-a165-70867728950e");

    private readonly TestFolder folder = new();
    private OtlpReceiver collector = null!;
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync()
    {
        collector = await OtlpReceiver.StartAsync();
        deployment = await Deployment.StartAsync(
            servers, workers: 1, more: new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
                ["Upweave__Telemetry__TileSampling"] = "1",
            });
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        await collector.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>One trace per job, in the sender's; one per tile, linked to it.</summary>
    [Fact]
    public async Task Job_OfASenderThatTraces_IsATreeAndItsTilesAreLinked()
    {
        await RunJobAsync("results/out.zarr", broken: false);
        await Until.TrueAsync(() => Named("job").Count == 1 && Named("tile").Count == Tiles, "all spans have come", TestContext.Current.CancellationToken);

        OtlpSpan submit = Assert.Single(Named("submit"));
        Assert.Equal((SenderTrace, SenderSpan), (submit.TraceId, submit.ParentId));
        OtlpSpan job = Assert.Single(Named("job"));
        Assert.Equal((SenderTrace, submit.SpanId), (job.TraceId, job.ParentId));
        Assert.Equal((SenderTrace, submit.SpanId), (Assert.Single(Named("plan")).TraceId, Named("plan")[0].ParentId));
        Assert.Equal("upweave-coordinator", job.Service);
        Assert.Equal(Job.ToString(), job.Tags["upweave.job.id"]);
        Assert.Equal("completed", job.Tags["upweave.job.state"]);
        OtlpSpan[] compute = [.. Named("compute").Where(span => span.TraceId == SenderTrace)];
        Assert.Equal(job.SpanId, Assert.Single(compute).ParentId);
        Assert.Equal(job.SpanId, Assert.Single(Named("commit")).ParentId);
        Assert.All(Named("dispatch"), span => Assert.Equal(compute[0].SpanId, span.ParentId));
        Assert.Equal((long)Tiles, Named("dispatch").Sum(span => (long)span.Tags["upweave.dispatch.tiles"]));
        Assert.Equal(
            ["commit", "compute", "dispatch", "job", "plan", "submit"],
            collector.Spans.Where(span => span.TraceId == SenderTrace).Select(span => span.Name).Distinct().Order(StringComparer.Ordinal));

        Assert.Equal(Tiles, Named("tile").Select(tile => tile.TraceId).Distinct().Count());
        foreach (OtlpSpan tile in Named("tile"))
        {
            CheckTile(tile, job);
        }

        Assert.Equal(Enumerable.Range(0, Tiles).Select(tile => (long)tile), Named("tile").Select(tile => (long)tile.Tags["upweave.tile.index"]).Order());
        Assert.DoesNotContain(collector.Spans, span => span.Scope.StartsWith("MassTransit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tile_ThatFails_IsAnErrorThatItsLineInTheLogBelongsTo()
    {
        await RunJobAsync("results/out.npy", broken: true);
        await Until.TrueAsync(
            () => Named("tile").Any(tile => tile.Status == OtlpSpan.Error) && collector.Logs.Any(log => log.Body.Contains("of results/out.npy failed", StringComparison.Ordinal)),
            "the failed tile and its line have come", TestContext.Current.CancellationToken);
        OtlpSpan tile = Named("tile").First(span => span.Status == OtlpSpan.Error);
        Assert.Equal("failed", tile.Tags["upweave.tile.state"]);
        OtlpLog line = collector.Logs.First(log => log.TraceId == tile.TraceId);
        Assert.Equal(tile.SpanId, line.SpanId);
        Assert.Equal("upweave-worker", line.Service);
        Assert.Equal("results/out.npy", line.Tags["Output"]);
        Assert.Equal(tile.Tags["upweave.tile.index"], line.Tags["Tile"]);
        await Until.TrueAsync(() => Named("job").Count == 1, "the job's span has come", TestContext.Current.CancellationToken);
        OtlpSpan job = Named("job")[0];
        Assert.Equal(OtlpSpan.Error, job.Status);
        await Until.TrueAsync(
            () => collector.Logs.Any(log => log.TraceId == job.TraceId && log.Body.Contains("failed", StringComparison.Ordinal)),
            "the job's line has come", TestContext.Current.CancellationToken);
        Assert.Contains(Latest("upweave.tile.errors").SelectMany(metric => metric.Points), point => (string)point.Tags["upweave.error.kind"] == "corrupt");
    }

    [Fact]
    public async Task Job_Done_IsInTheMetrics()
    {
        await RunJobAsync("results/out.zarr", broken: false);
        await Until.TrueAsync(
            () => Sum("upweave.tiles", ("upweave.tile.state", "completed")) == Tiles && Sum("upweave.tile.duration") == Tiles && Sum("upweave.jobs.running") == 0
                && Sum("upweave.tiles.remaining") == 0, "the metrics have come", TestContext.Current.CancellationToken);
        (string Name, string Unit, string Kind, string Service)[] expected =
        [
            ("upweave.jobs", "{job}", "Sum", "upweave-coordinator"),
            ("upweave.job.duration", "s", "Histogram", "upweave-coordinator"), ("upweave.jobs.running", "{job}", "Sum", "upweave-coordinator"),
            ("upweave.tiles", "{tile}", "Sum", "upweave-coordinator"), ("upweave.tiles.in_flight", "{tile}", "Sum", "upweave-coordinator"),
            ("upweave.tiles.remaining", "{tile}", "Gauge", "upweave-coordinator"), ("upweave.window.runs", "{run}", "Gauge", "upweave-coordinator"),
            ("upweave.tile.duration", "s", "Histogram", "upweave-worker"), ("upweave.tile.read.duration", "s", "Histogram", "upweave-worker"),
            ("upweave.tile.compute.duration", "s", "Histogram", "upweave-worker"), ("upweave.tile.write.duration", "s", "Histogram", "upweave-worker"),
            ("upweave.queue.duration", "s", "Histogram", "upweave-worker"), ("upweave.bytes.read", "By", "Sum", "upweave-worker"),
            ("upweave.bytes.written", "By", "Sum", "upweave-worker"), ("upweave.multiply_adds", "{operation}", "Sum", "upweave-worker"),
            ("upweave.slots.busy", "{slot}", "Sum", "upweave-worker"), ("upweave.slots", "{slot}", "Sum", "upweave-worker"),
            ("upweave.chunk_cache.requests", "{request}", "Sum", "upweave-worker"),
        ];
        foreach ((string name, string unit, string kind, string service) in expected)
        {
            OtlpMetric metric = Assert.Single(Latest(name));
            Assert.Equal((unit, kind, service), (metric.Unit, metric.Kind, metric.Service));
            Assert.NotEmpty(metric.Description);
        }

        Assert.Equal(1, Sum("upweave.slots"));
        Assert.Equal(Tiles, Sum("upweave.tiles", ("upweave.tile.state", "dispatched")));
        Assert.Equal(48 * 48 * 4, Sum("upweave.bytes.written"));
        Assert.Equal(48 * 48, Sum("upweave.multiply_adds"));
        Assert.True(Sum("upweave.chunk_cache.requests", ("upweave.chunk_cache.result", "miss")) > 0);

        // An exemplar leads from a bar of a histogram to a trace that was exported.
        string[] traces = [.. Named("tile").Select(tile => tile.TraceId)];
        string[] exemplars =
        [
            .. Latest("upweave.tile.duration").SelectMany(metric => metric.Histograms)
                .SelectMany(point => point.Exemplars).Select(one => OtlpSpan.Hex(one.TraceId)),
        ];
        Assert.NotEmpty(exemplars);
        Assert.All(exemplars, trace => Assert.Contains(trace, traces));

        // Their number is bounded: no label names a job, a tile or a worker.
        Assert.DoesNotContain(
            collector.Metrics.Where(metric => metric.Scope.StartsWith("Upweave", StringComparison.Ordinal)).SelectMany(metric => metric.Points).SelectMany(point => point.Tags),
            tag => tag.Key is "upweave.job.id" or "upweave.tile.index" or "upweave.worker" || tag.Value.ToString()!.Contains(Job.ToString(), StringComparison.Ordinal));
    }

    private static string[] TagsOfTile =>
    [
        "upweave.bytes.read", "upweave.bytes.written", "upweave.device", "upweave.job.id", "upweave.kernel.algorithm", "upweave.kernel.technique", "upweave.queue.wait",
        "upweave.tile.attempt", "upweave.tile.box", "upweave.tile.index", "upweave.tile.level", "upweave.tile.state", "upweave.worker",
    ];

    private void CheckTile(OtlpSpan tile, OtlpSpan job)
    {
        Assert.Empty(tile.ParentId);
        Assert.Equal("upweave-worker", tile.Service);
        Assert.Equal((SenderTrace, job.SpanId), Assert.Single(tile.Links));
        Assert.Equal(TagsOfTile, tile.Tags.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(16 * 16 * 4L, tile.Tags["upweave.bytes.written"]);
        Assert.Equal(1L, tile.Tags["upweave.tile.attempt"]);
        Assert.InRange((double)tile.Tags["upweave.queue.wait"], 0, 60);
        OtlpSpan[] inside = [.. collector.Spans.Where(span => span.TraceId == tile.TraceId && span.SpanId != tile.SpanId).OrderBy(span => span.Start)];
        Assert.Equal(["read", "compute", "write"], inside.Select(span => span.Name));
        Assert.All(inside, span => Assert.Equal(tile.SpanId, span.ParentId));
        Assert.All(inside, span => Assert.True(span.Start >= tile.Start && span.End <= tile.End));
    }

    private IReadOnlyList<OtlpSpan> Named(string name) => [.. collector.Spans.Where(span => span.Name == name)];

    /// <summary>A metric as each host sent it last.</summary>
    private IReadOnlyList<OtlpMetric> Latest(string name) =>
        [.. collector.Metrics.Where(metric => metric.Name == name).GroupBy(metric => metric.Instance).Select(sent => sent.Last())];

    private double Sum(string name, params (string Key, string Value)[] tags) => Latest(name).SelectMany(metric => metric.Points)
        .Where(point => tags.All(tag => point.Tags.GetValueOrDefault(tag.Key) as string == tag.Value)).Sum(point => point.Value);

    /// <summary>A zarr of 24 x 24 in chunks of 8 x 8, doubled: 9 tiles of 16 x 16. Sent as a client that traces sends it.</summary>
    private async Task RunJobAsync(string output, bool broken)
    {
        folder.Write("in.npy", NpyArray.Random(2610, 24, 24));
        await deployment.SucceedAsync(folder, "copy in.npy data/in.zarr --format chunk=8,shard=false");
        if (broken)
            await BlobView.WriteAsync(deployment, "data/in.zarr/c/1/1", "This is no chunk.");
        byte[] specification = System.Text.Encoding.UTF8.GetBytes(JobSchema.AssertValid(
            $$$"""{"version":1,"input":"data/in.zarr","output":"{{{output}}}","layers":[{"preset":"nearest","scale":[2,2]}],"tile":[16]}"""));
        await using EventSpy spy = await EventSpy.StartAsync(deployment.Broker);
        await using IConnection connection = await new ConnectionFactory { Uri = deployment.Broker }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        BasicProperties properties = new()
        {
            MessageId = Job.ToString(),
            Headers = new Dictionary<string, object?> { ["MT-Activity-Id"] = $"00-{SenderTrace}-{SenderSpan}-00" },
        };
        await channel.BasicPublishAsync("submit-job", "", mandatory: true, properties, specification, TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => spy.Ends.Count > 0, "the job has ended", TestContext.Current.CancellationToken);
        Assert.Equal(broken ? "JobFailed" : "JobCompleted", spy.Ends[0]);
    }
}
