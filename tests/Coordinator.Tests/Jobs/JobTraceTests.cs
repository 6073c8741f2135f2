using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>A job is one trace, however many coordinators run it, and however often.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class JobTraceTests : IAsyncDisposable
{
    private const string Sender = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly Guid Job = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private readonly JobFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private readonly Witness witness = new(CoordinatorTelemetry.Name);
    private readonly List<Coordinating> coordinators = [];
    private readonly JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.npy");

    public JobTraceTests() => folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Record => folder.FileOf($"lock.jobs/{Job}.json");

    [Fact]
    public async Task Resume_JobOfALostCoordinator_IsInItsTrace()
    {
        Activity submit = await LoseAsync("vendor=1");
        ComputeTiles run = await TakeOverAsync();
        Activity[] jobs = await JobsAsync(2);
        Assert.All(jobs, job => Assert.Equal((submit.TraceId, submit.SpanId), (job.TraceId, job.ParentSpanId)));
        Assert.All(jobs, job => Assert.Equal("vendor=1", job.TraceStateString));
        Assert.Equal(jobs[1].Id, run.TraceParent);
        Assert.Equal(2, witness.Spans("compute").Count);
        Assert.Equal(jobs.Select(job => job.SpanId), witness.Spans("compute").Select(stage => stage.ParentSpanId));
        Assert.All(witness.Spans("dispatch"), dispatch => Assert.Equal(submit.TraceId, dispatch.TraceId));
    }

    /// <summary>A record that is handed on twice still says where the job began.</summary>
    [Fact]
    public async Task Resume_Again_IsInTheSameTrace()
    {
        Activity submit = await LoseAsync();
        await TakeOverAsync();
        await TakeOverAsync();
        Assert.All(await JobsAsync(3), job => Assert.Equal((submit.TraceId, submit.SpanId), (job.TraceId, job.ParentSpanId)));
    }

    /// <summary>What no trace is costs no job.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"parent":"surprise","state":"a=1"}""")]
    [InlineData("""{"parent":"00-00000000000000000000000000000000-b7ad6b7169203331-01"}""")]
    public async Task Resume_RecordWithoutATrace_BeginsOne(string? trace)
    {
        await LoseAsync();
        JsonObject record = JsonNode.Parse(await File.ReadAllTextAsync(Record, Cancelled))!.AsObject();
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", (string?)record["trace"]!["parent"], StringComparison.Ordinal);
        record.Remove("trace");
        if (trace is not null)
            record["trace"] = JsonNode.Parse(trace);
        await File.WriteAllTextAsync(Record, record.ToJsonString(), Cancelled);
        await TakeOverAsync();
        Activity resumed = (await JobsAsync(2))[1];
        Assert.Equal(default, resumed.ParentSpanId);
        Assert.Empty(resumed.Links);
    }

    [Fact]
    public async Task Submit_TraceStateTooLong_IsNotKept()
    {
        await LoseAsync("vendor=" + new string('x', JobTrace.StateMax));
        Assert.DoesNotContain("vendor", await File.ReadAllTextAsync(Record, Cancelled), StringComparison.Ordinal);
    }

    /// <summary>Who asks for another run has a trace of its own; the run stays in the job's.</summary>
    [Fact]
    public async Task Retry_FailedJob_IsInItsTraceAndLinkedToTheRequest()
    {
        Coordinating coordinator = Start();
        Activity submit;
        using (RequestTelemetry.Start("submit", Job, Sender))
        {
            submit = Activity.Current!;
            await coordinator.FailAsync(Job, specification);
        }

        // And by a coordinator that knows of it from its record only.
        Coordinating next = Start();
        await next.Service.ResumeAsync(Cancelled);
        using (RequestTelemetry.Start("retry", Job, traceParent: null))
        {
            Assert.Null(await next.Service.RetryAsync(Job, Cancelled));
        }

        await next.FirstRunAsync();
        await next.Service.LeaveAsync();
        Activity retry = Assert.Single(witness.Spans("retry"));
        Activity[] jobs = await JobsAsync(2);
        Assert.Empty(jobs[0].Links);
        Assert.NotEqual(submit.TraceId, retry.TraceId);
        Assert.Equal((submit.TraceId, submit.SpanId), (jobs[1].TraceId, jobs[1].ParentSpanId));
        Assert.Equal(retry.Context, Assert.Single(jobs[1].Links).Context);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Coordinating coordinator in coordinators)
        {
            await coordinator.Service.StopAsync(CancellationToken.None);
            coordinator.Service.Dispose();
        }

        witness.Dispose();
        folder.Dispose();
    }

    /// <summary>A coordinator takes a job on, sends tiles out, and is gone.</summary>
    /// <returns>The span of the request.</returns>
    private async Task<Activity> LoseAsync(string? traceState = null)
    {
        Coordinating lost = Start();
        using (RequestTelemetry.Start("submit", Job, Sender, traceState))
        {
            Assert.NotNull((await lost.Service.SubmitAsync(Job, specification, Cancelled)).Accepted);
        }

        await lost.FirstRunAsync();
        await lost.Service.LeaveAsync();
        return Assert.Single(witness.Spans("submit"));
    }

    /// <summary>Another one takes over, sends tiles out, and is gone.</summary>
    private async Task<ComputeTiles> TakeOverAsync()
    {
        Coordinating next = Start();
        Assert.Equal(1, await next.Service.ResumeAsync(Cancelled));
        ComputeTiles run = await next.FirstRunAsync();
        await next.Service.LeaveAsync();
        return run;
    }

    /// <summary>The spans of a job's runs, which have ended, in their order.</summary>
    private async Task<Activity[]> JobsAsync(int count)
    {
        await Task.WhenAll(coordinators.Select(coordinator => coordinator.Service.LeaveAsync()));
        IReadOnlyList<Activity> jobs = witness.Spans("job");
        Assert.Equal(count, jobs.Count);
        return [.. jobs];
    }

    private Coordinating Start()
    {
        Coordinating coordinator = new(folder, folder.Stores, time);
        coordinators.Add(coordinator);
        return coordinator;
    }
}
