using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.ServiceDefaults;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Bus;

/// <summary>How the spans of a whole job hang together, messages included, as OpenTelemetry's SDK sees them.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class TraceTests : IDisposable
{
    private static readonly Guid Job = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private readonly JobFolder folder = new();
    private readonly Ear ear = new();

    [Fact]
    public async Task Job_OverTheBus_TilesAreLinkedAndItsTraceStaysSmall()
    {
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder()
            .AddSource("Upweave.*").AddProcessor(ear).Build())
        {
            await using EmbeddedJob embedded = await EmbeddedJob.StartAsync(folder);
            Assert.IsType<JobAccepted>(await embedded.SubmitAsync(Job, Plans.Nearest("s/in.npy", "s/out.npy", [2, 12])));
            Assert.IsType<JobCompleted>(await embedded.EndAsync());
        }

        Activity job = Assert.Single(ear.Named("job"));
        List<Activity> trace = [.. ear.Spans.Where(span => span.TraceId == job.TraceId)];
        Assert.Equal(
            ["commit", "compute", "dispatch", "job", "plan", "submit"],
            trace.Select(span => span.OperationName).Distinct().Order(StringComparer.Ordinal));
        Activity submit = Assert.Single(ear.Named("submit"));
        Assert.Equal(default, submit.ParentSpanId);
        Assert.Equal(Job.ToString(), submit.GetTagItem(TelemetryNames.JobId));
        Assert.Equal(submit.SpanId, Assert.Single(ear.Named("plan")).ParentSpanId);
        Assert.Equal(submit.SpanId, job.ParentSpanId);
        Activity compute = Assert.Single(ear.Named("compute"), span => span.TraceId == job.TraceId);
        Assert.Equal(job.SpanId, compute.ParentSpanId);
        Assert.All(ear.Named("dispatch"), span => Assert.Equal(compute.SpanId, span.ParentSpanId));
        Assert.Equal(8L, ear.Named("dispatch").Sum(span => (long)span.GetTagItem(TelemetryNames.DispatchTiles)!));

        Assert.Equal(8, ear.Named("tile").Count);
        Assert.All(ear.Named("tile"), tile =>
        {
            Assert.Equal(default, tile.ParentSpanId);
            Assert.Equal(job.Context.SpanId, Assert.Single(tile.Links).Context.SpanId);
            Assert.Equal(job.TraceId, tile.Links.Single().Context.TraceId);
        });
    }

    [Fact]
    public async Task Job_WithAPyramid_ItsTilesAreTracedToo()
    {
        folder.WriteNpy("in.npy", "|u1", [1, 30, 30], new byte[900]);
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource("Upweave.*").AddProcessor(ear).Build())
        {
            await using EmbeddedJob embedded = await EmbeddedJob.StartAsync(folder);
            Assert.IsType<JobAccepted>(await embedded.SubmitAsync(Job, Plans.Nearest("s/in.npy", "s/out.ome.zarr", [32]) with
            {
                Format = new FormatSpecification { Pyramid = true, Chunk = [16] },
            }));
            Assert.IsType<JobCompleted>(await embedded.EndAsync());
        }

        Activity[] tiles = [.. ear.Named("tile").Where(tile => (int)tile.GetTagItem(TelemetryNames.TileLevel)! > 0)];
        Assert.Equal([1, 2], tiles.Select(tile => (int)tile.GetTagItem(TelemetryNames.TileLevel)!));
        foreach (Activity tile in tiles)
        {
            Activity[] inside = [.. ear.Spans.Where(span => span.TraceId == tile.TraceId && span != tile)];
            Assert.Equal(["compute", "write"], inside.Select(span => span.OperationName));
            Assert.All(inside, span => Assert.Equal(tile.SpanId, span.ParentSpanId));
            Assert.True(inside[0].StartTimeUtc + inside[0].Duration <= inside[1].StartTimeUtc);
        }
    }

    public void Dispose()
    {
        ear.Dispose();
        folder.Dispose();
    }

    private sealed class Ear : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<Activity> spans = new();

        public IReadOnlyCollection<Activity> Spans => spans;

        public IReadOnlyList<Activity> Named(string name) => [.. spans.Where(span => span.OperationName == name)];

        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }
}
