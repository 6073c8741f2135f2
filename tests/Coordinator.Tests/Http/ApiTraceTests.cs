using System.Diagnostics;
using System.Net;
using Upweave.Coordinator.Tests.Jobs;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Http;

/// <summary>A job that comes over HTTP is traced as one that comes over the broker: the server's own span of the request is no part of it.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class ApiTraceTests : IAsyncLifetime
{
    private readonly Witness witness = new(CoordinatorTelemetry.Name);
    private ApiScene scene = null!;

    public async ValueTask InitializeAsync() => scene = await ApiScene.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await scene.DisposeAsync();
        witness.Dispose();
    }

    [Fact]
    public async Task Submit_SenderThatDoesNotTrace_IsATraceOfItsOwn()
    {
        scene.Worker.With(3, Outcome.Corrupt);
        (await scene.SubmitAsync()).EnsureSuccessStatusCode().Dispose();
        await scene.EndAsync();
        (await scene.OrderAsync("retry")).EnsureSuccessStatusCode().Dispose();
        await scene.EndAsync();
        Activity submit = Assert.Single(witness.Spans("submit"));
        Assert.Equal(default, submit.ParentSpanId);
        Assert.Equal(submit.SpanId, Assert.Single(witness.Spans("plan")).ParentSpanId);
        Assert.Equal(["failed", "completed"], witness.Spans("job").Select(job => job.GetTagItem("upweave.job.state")));
        Assert.All(witness.Spans("job"), job => Assert.Equal((submit.TraceId, submit.SpanId), (job.TraceId, job.ParentSpanId)));
        Activity retry = Assert.Single(witness.Spans("retry"));
        Assert.Equal(default, retry.ParentSpanId);
        Assert.Equal(retry.SpanId, Assert.Single(witness.Spans("job")[1].Links).Context.SpanId);
    }

    [Fact]
    public async Task Retry_NothingToRetry_IsRejected()
    {
        (await scene.SubmitAsync()).EnsureSuccessStatusCode().Dispose();
        await scene.EndAsync();
        using HttpResponseMessage answer = await scene.OrderAsync("retry");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("rejected", Assert.Single(witness.Spans("retry")).GetTagItem("upweave.job.state"));
        Assert.Single(witness.Spans("job"));
    }
}
