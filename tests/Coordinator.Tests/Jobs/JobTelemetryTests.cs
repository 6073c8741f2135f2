using System.Diagnostics;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.ServiceDefaults;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

[Collection(TelemetryCollection.Name)]
public sealed class JobTelemetryTests
{
    [Fact]
    public async Task Run_Completes_SpanSaysWhatItWasAndItsStages()
    {
        using JobScene scene = await JobScene.StartAsync();
        using Witness witness = new(CoordinatorTelemetry.Name);
        await scene.RunAsync();
        Activity job = Assert.Single(witness.Spans("job"));
        Assert.Equal(ActivityStatusCode.Unset, job.Status);
        Assert.Equal(scene.Worker.Job!.Id.ToString(), job.GetTagItem(TelemetryNames.JobId));
        Assert.Equal(scene.Plan.Hash, job.GetTagItem(TelemetryNames.PlanHash));
        Assert.Equal("s/out.npy", job.GetTagItem(TelemetryNames.Output));
        Assert.Equal("npy", job.GetTagItem(TelemetryNames.OutputFormat));
        Assert.Equal("float32", job.GetTagItem(TelemetryNames.OutputDtype));
        Assert.Equal(8L, job.GetTagItem(TelemetryNames.JobTiles));
        Assert.Equal(8L, job.GetTagItem(TelemetryNames.TilesComputed));
        Assert.Equal("completed", job.GetTagItem(TelemetryNames.JobState));
        foreach (string stage in new[] { "compute", "commit" })
        {
            Activity span = Assert.Single(witness.Spans(stage));
            Assert.Equal(job.SpanId, span.ParentSpanId);
            Assert.Equal(ActivityStatusCode.Unset, span.Status);
        }
    }

    [Fact]
    public async Task Run_SomebodyTraces_TilesCarryTheJobsSpan()
    {
        using JobScene scene = await JobScene.StartAsync();
        List<string?> carried = [];
        scene.Worker.BeforeEach = run =>
        {
            carried.Add(run.TraceParent);
            return Task.CompletedTask;
        };
        using Witness witness = new(CoordinatorTelemetry.Name);
        await scene.RunAsync();
        Assert.Equal(JobScene.Tiles, carried.Count);
        Assert.Equal([witness.Spans("job")[0].Id], carried.Distinct());
        Assert.True(ActivityContext.TryParse(carried[0], traceState: null, out _));
    }

    [Fact]
    public async Task Run_NobodyTraces_TilesCarryNothing()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.BeforeEach = run =>
        {
            Assert.Null(run.TraceParent);
            return Task.CompletedTask;
        };
        await scene.RunAsync();
        scene.AssertPublished();
    }

    [Fact]
    public async Task Run_WithinARequestsSpan_IsItsChild()
    {
        using JobScene scene = await JobScene.StartAsync();
        using Witness witness = new(CoordinatorTelemetry.Name);
        using Activity request = new Activity("request").Start();
        await scene.RunAsync();
        Activity job = Assert.Single(witness.Spans("job"));
        Assert.Equal(request.SpanId, job.ParentSpanId);
        Assert.Equal(request.TraceId, job.TraceId);
        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public async Task Run_TilesFailAndComeBack_AreCounted()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(1, Outcome.Transient).With(2, Outcome.Transient, Outcome.Transient).With(3, Outcome.DoneTwice);
        using Witness witness = new(CoordinatorTelemetry.Name);
        await scene.RunThroughAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
        Assert.Equal(8, witness.Sum(TelemetryNames.Tiles, "upweave.tile.state=dispatched,upweave.stage=compute"));
        Assert.Equal(3, witness.Sum(TelemetryNames.Tiles, "upweave.tile.state=retried"));
        Assert.Equal(8, witness.Sum(TelemetryNames.Tiles, "upweave.tile.state=completed"));
        Assert.Equal(0, witness.Sum(TelemetryNames.Tiles, "upweave.tile.state=failed"));
        Assert.Contains(witness.Values(TelemetryNames.TilesInFlight), change => change > 0);
        Assert.Equal(0, witness.Sum(TelemetryNames.TilesInFlight));
        Assert.Equal([1, -1], witness.Values(TelemetryNames.JobsRunning));
        Assert.Single(witness.Values(TelemetryNames.JobDuration, "upweave.job.state=completed"));
        Assert.Equal(1, witness.Sum(TelemetryNames.Jobs, "upweave.job.state=completed"));
    }

    [Fact]
    public async Task Run_TileFailsForGood_SpanAndLogSayWhy()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(5, Outcome.Corrupt);
        using Witness witness = new(CoordinatorTelemetry.Name);
        await scene.RunAsync();
        Activity job = Assert.Single(witness.Spans("job"));
        Assert.Equal(ActivityStatusCode.Error, job.Status);
        Assert.Equal("1 tile(s) failed; tile 5: scripted Corrupt", job.StatusDescription);
        Assert.Equal("failed", job.GetTagItem(TelemetryNames.JobState));
        Assert.Equal("exception", Assert.Single(job.Events).Name);
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(witness.Spans("compute")).Status);
        Assert.Equal(1, witness.Sum(TelemetryNames.Tiles, "upweave.tile.state=failed"));
        Assert.Equal(0, witness.Sum(TelemetryNames.TilesInFlight));
        Assert.Equal([1, -1], witness.Values(TelemetryNames.JobsRunning));
        Assert.Equal($"Warning: Job {scene.Worker.Job!.Id} failed: s/out.npy, {job.StatusDescription}", scene.Log.All[^1]);
    }

    [Fact]
    public async Task Run_Cancelled_IsNoError()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.BeforeEach = run => scene.Worker.Job!.PostAsync(
            new CancelJob { JobId = run.JobId }, TestContext.Current.CancellationToken).AsTask();
        using Witness witness = new(CoordinatorTelemetry.Name);
        await scene.RunAsync();
        Assert.IsType<JobCancelled>(scene.End);
        Activity job = Assert.Single(witness.Spans("job"));
        Assert.Equal(ActivityStatusCode.Unset, job.Status);
        Assert.Equal("cancelled", job.GetTagItem(TelemetryNames.JobState));
        Assert.Equal($"Information: Job {scene.Worker.Job!.Id} was cancelled: s/out.npy.", scene.Log.All[^1]);
    }

    /// <summary>However many runs there are, a trace has a few hundred spans.</summary>
    [Fact]
    public void Dispatch_AMillionRuns_AreAHundredSpans()
    {
        using Witness witness = new(CoordinatorTelemetry.Name);
        using (Activity stage = CoordinatorTelemetry.Source.StartActivity("compute")!)
        using (DispatchTelemetry dispatch = new(stage, tiles: 1_000_000))
        {
            for (int tile = 0; tile < 1_000_000; tile++)
            {
                dispatch.Sent(new TileRun(tile, 1, Attempt: 1));
            }

            Assert.Same(stage, Activity.Current);
        }

        Assert.Equal(100, witness.Spans("dispatch").Count);
        Assert.All(witness.Spans("dispatch"), span => Assert.Equal(10_000L, span.GetTagItem(TelemetryNames.DispatchTiles)));
        Assert.All(witness.Spans("dispatch"), span => Assert.Equal(10_000, span.GetTagItem(TelemetryNames.DispatchRuns)));
    }

    [Fact]
    public async Task Run_TilesRemaining_AreThoseNotDone()
    {
        using JobScene scene = await JobScene.StartAsync();
        List<long> remaining = [];
        scene.Worker.BeforeEach = run =>
        {
            remaining.Add(scene.Worker.Job!.TilesRemaining);
            return Task.CompletedTask;
        };
        await scene.RunAsync();
        Assert.Equal(8, remaining[0]);
        Assert.True(remaining.Zip(remaining.Skip(1)).All(pair => pair.Second <= pair.First), string.Join(' ', remaining));
        Assert.Equal(0, scene.Worker.Job!.TilesRemaining);
    }

    /// <summary>A fleet is scaled by it, so it is there when there is nothing.</summary>
    [Fact]
    public void Fleet_LookedAt_SaysWhatIsLeftAndTheWindow()
    {
        using Witness witness = new(CoordinatorTelemetry.Name);
        using FleetTelemetry fleet = new(() => 0, () => 12);
        witness.Observe();
        Assert.Contains(0.0, witness.Values(TelemetryNames.TilesRemaining));
        Assert.Contains(12.0, witness.Values(TelemetryNames.WindowRuns));
    }

    [Fact]
    public async Task Run_Completes_LogTellsTheStory()
    {
        using JobScene scene = await JobScene.StartAsync();
        await scene.RunAsync();
        Guid job = scene.Worker.Job!.Id;
        Assert.Equal(
            [
                $"Information: Job {job}: compute begins, 0 of 8 tiles are done.",
                $"Information: Job {job} completed in 0.0 s: s/out.npy, 8 of 8 tiles computed, 80 bytes read, 800 written.",
            ],
            scene.Log.All);
    }
}
