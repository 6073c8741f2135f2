using System.Net;
using System.Text;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Tests.Otlp;
using Upweave.Tests.Schema;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>What a collector gets of a job whose coordinator is killed in the middle: one trace, from both.</summary>
[Collection(ServersCollection.Name)]
public sealed class TraceTakeoverTests(ServersFixture servers) : IAsyncLifetime
{
    private const int Tiles = 9;
    private const string SenderTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string SenderSpan = "b7ad6b7169203331";
    private static readonly Guid Job = new("6c8fad5b-d9cb-469f-a165-70867728950e");

    private readonly TestFolder folder = new();
    private OtlpReceiver collector = null!;
    private Deployment deployment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        collector = await OtlpReceiver.StartAsync();
        deployment = await Deployment.StartAsync(
            servers, workers: 0, coordinatorLock: "data/coordinator.lock", more: new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                ["Upweave__Telemetry__TileSampling"] = "1",
            });
        folder.Write("in.npy", NpyArray.Random(2610, 24, 24));
        await deployment.SucceedAsync(folder, "copy in.npy data/in.npy");
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        await collector.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Active_Killed_TheJobStaysOneTrace()
    {
        await using EventSpy events = await EventSpy.StartAsync(deployment.Broker);
        await SubmitAsync();

        // Tiles lie in the queue, and nobody reads it yet.
        await UntilAsync(() => Named("submit").Count == 1 && Named("dispatch").Count > 0, "the request and what went out are at the collector");
        await deployment.Coordinator.KillAsync(Cancelled);
        await deployment.Standby!.WaitForLogAsync(Deployment.IsActive, Cancelled);
        await deployment.StartWorkerAsync(Cancelled);
        await UntilAsync(() => events.Ends.Count > 0, "the job has ended");
        Assert.Equal("JobCompleted", events.Ends[0]);
        await UntilAsync(() => Named("job").Count > 0, "the job's span has come");
        await UntilAsync(() => Named("tile").Count >= Tiles, "the tiles' spans have come");

        OtlpSpan submit = Assert.Single(Named("submit"));
        Assert.Equal((SenderTrace, SenderSpan), (submit.TraceId, submit.ParentId));
        Assert.Equal(submit.SpanId, Assert.Single(Named("plan")).ParentId);

        // The span of the killed one's run never ended, so the one that came is of the other's: it hangs where that one did.
        OtlpSpan job = Assert.Single(Named("job"));
        Assert.Equal((SenderTrace, submit.SpanId), (job.TraceId, job.ParentId));
        Assert.Equal("completed", job.Tags["upweave.job.state"]);
        Assert.NotEqual(InstanceOf(submit), InstanceOf(job));
        OtlpSpan compute = Assert.Single(Named("compute"), span => span.TraceId == SenderTrace);
        Assert.Equal(job.SpanId, compute.ParentId);
        Assert.Equal(job.SpanId, Assert.Single(Named("commit")).ParentId);
        Assert.Contains(Named("dispatch"), span => span.ParentId == compute.SpanId);
        Assert.All(Named("dispatch"), span => Assert.Equal(SenderTrace, span.TraceId));

        // Tiles of both lead to the one trace.
        Assert.All(Named("tile"), tile => Assert.Equal(SenderTrace, Assert.Single(tile.Links).TraceId));
        Assert.Contains(Named("tile"), tile => tile.Links[0].SpanId == job.SpanId);
        Assert.Contains(Named("tile"), tile => tile.Links[0].SpanId != job.SpanId);
    }

    private static object InstanceOf(OtlpSpan span) => span.Resource["service.instance.id"];

    private static Task UntilAsync(Func<bool> isSo, string what) => Until.TrueAsync(isSo, what, Cancelled);

    private IReadOnlyList<OtlpSpan> Named(string name) => [.. collector.Spans.Where(span => span.Name == name)];

    /// <summary>Over HTTP, as a client that traces does.</summary>
    private async Task SubmitAsync()
    {
        using HttpClient client = new() { BaseAddress = deployment.Coordinator.Address };
        string specification = JobSchema.AssertValid(
            """
            {"version":1,"input":"data/in.npy","output":"results/out.zarr","layers":[{"preset":"nearest","scale":[2,2]}],"tile":[16],
            "format":{"chunk":[16]}}
            """);
        using StringContent body = new(specification, Encoding.UTF8, "application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, $"api/jobs?job_id={Job}") { Content = body };
        request.Headers.Add("traceparent", $"00-{SenderTrace}-{SenderSpan}-00");
        using HttpResponseMessage answer = await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }
}
