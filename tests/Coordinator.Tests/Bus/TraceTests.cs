using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Upweave.Contracts.Messages;
using Upweave.Tests;
using Upweave.Worker;

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
            .AddSource(CoordinatorTelemetry.Name, WorkerTelemetry.Name, "MassTransit").AddProcessor(ear).Build())
        {
            await using EmbeddedJob embedded = await EmbeddedJob.StartAsync(folder);
            Assert.IsType<JobAccepted>(await embedded.SubmitAsync(Job, Plans.Nearest("s/in.npy", "s/out.npy", [2, 12])));
            Assert.IsType<JobCompleted>(await embedded.EndAsync());
        }

        Activity job = Assert.Single(ear.Named("job"));
        List<Activity> trace = [.. ear.Spans.Where(span => span.TraceId == job.TraceId)];
        Activity parent = Assert.Single(trace, span => span.SpanId == job.ParentSpanId);
        Assert.Equal("MassTransit", parent.Source.Name);
        Assert.Contains(nameof(SubmitJob), parent.DisplayName, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(trace, span => Mentions(span, nameof(JobCompleted)));
        Assert.DoesNotContain(trace, span => Mentions(span, nameof(ComputeTiles)));
        Assert.DoesNotContain(trace, span => Mentions(span, nameof(TilesCompleted)));

        Assert.Equal(8, ear.Named("tile").Count);
        Assert.All(ear.Named("tile"), tile =>
        {
            Assert.Equal(default, tile.ParentSpanId);
            Assert.Equal(job.Context.SpanId, Assert.Single(tile.Links).Context.SpanId);
            Assert.Equal(job.TraceId, tile.Links.Single().Context.TraceId);
        });
        Assert.Contains(ear.Spans, span => Mentions(span, nameof(ComputeTiles)));
        Assert.DoesNotContain(ear.Spans, span => span.Kind == ActivityKind.Producer && Mentions(span, nameof(JobProgressed)));
    }

    public void Dispose()
    {
        ear.Dispose();
        folder.Dispose();
    }

    private static bool Mentions(Activity span, string message) =>
        span.DisplayName.Contains(message, StringComparison.OrdinalIgnoreCase)
        || span.TagObjects.Any(tag => tag.Value is string text && text.Contains(message, StringComparison.OrdinalIgnoreCase));

    private sealed class Ear : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<Activity> spans = new();

        public IReadOnlyCollection<Activity> Spans => spans;

        public IReadOnlyList<Activity> Named(string name) => [.. spans.Where(span => span.OperationName == name)];

        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }
}
