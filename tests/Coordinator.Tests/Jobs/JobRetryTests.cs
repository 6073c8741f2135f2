using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>Failed jobs that are tried again, on a scripted worker.</summary>
public sealed class JobRetryTests : IAsyncLifetime
{
    private static readonly Guid Job = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private readonly JobFolder folder = new();
    private readonly JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.npy", [2, 12]);
    private readonly Channel<object> ends = Channel.CreateUnbounded<object>();
    private ScriptedWorker worker = null!;
    private JobService service = null!;

    public async ValueTask InitializeAsync()
    {
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        JobPlan plan = await Plans.MakeAsync(folder, specification, options => options.WorkerSlots = 1);
        worker = new ScriptedWorker(plan, folder.Place("out.npy")) { Announced = Hear };
        service = new JobService(
            Plans.Planner(folder, options => options.WorkerSlots = 1),
            new JobEnvironment(
                folder.Stores, worker, Options.Create(new CoordinatorOptions { WindowRuns = 3 }), new ManualTime(), new LogLines<JobService>()));
        worker.Answer = (said, stop) => service.PostAsync(Job, said, stop);
    }

    [Fact]
    public async Task RetryAsync_FailedTiles_RunsOnlyThoseUnderTheSameIdentity()
    {
        worker.With(3, Outcome.Corrupt, Outcome.Corrupt).With(6, Outcome.Corrupt);
        await SubmitAsync();
        JobFailed failed = Assert.IsType<JobFailed>(await EndAsync());
        Assert.Equal([3, 6], failed.FailedTiles.Select(tile => tile.Tile));
        Assert.All(failed.FailedTiles, tile => Assert.Equal("scripted Corrupt", tile.Message));
        Assert.Equal(8, worker.Sent.Count);

        Assert.Null(await RetryAsync());
        failed = Assert.IsType<JobFailed>(await EndAsync());
        Assert.Equal(1, Assert.Single(failed.FailedTiles).Attempt);
        Assert.Equal([3, 6], worker.Sent.Skip(8));

        Assert.Null(await RetryAsync());
        JobCompleted completed = Assert.IsType<JobCompleted>(await EndAsync());
        Assert.Equal(Job, completed.JobId);
        Assert.Equal(1, completed.Summary.TilesComputed);
        Assert.Equal([3, 6, 3], worker.Sent.Skip(8));
        Assert.Equal(Enumerable.Range(0, 192).Select(index => (float)index), folder.ReadNpy("out.npy", [16, 12]));
    }

    [Fact]
    public async Task RetryAsync_NothingFailed_IsRefused()
    {
        await SubmitAsync();
        Assert.IsType<JobCompleted>(await EndAsync());
        Assert.Contains("completed", Assert.Single((await RetryAsync())!).Message, StringComparison.Ordinal);
        Assert.NotNull(await service.RetryAsync(Guid.NewGuid(), TestContext.Current.CancellationToken));
        Assert.Equal(8, worker.Sent.Count);
    }

    [Fact]
    public async Task RetryAsync_PlanIsGone_IsRefused()
    {
        worker.With(3, Outcome.Corrupt);
        await SubmitAsync();
        Assert.IsType<JobFailed>(await EndAsync());
        File.Delete(folder.FileOf(JobPaths.Plan("out.npy")));
        Assert.Contains("no longer claims s/out.npy", Assert.Single((await RetryAsync())!).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetryAsync_InputChanged_IsRefused()
    {
        worker.With(3, Outcome.Corrupt);
        await SubmitAsync();
        Assert.IsType<JobFailed>(await EndAsync());
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48, seed: 9));
        Assert.Equal("input", Assert.Single((await RetryAsync())!).Field);
        Assert.Equal(JobState.Failed, service.Find(Job)!.State);
    }

    public async ValueTask DisposeAsync()
    {
        await service.StopAsync(TestContext.Current.CancellationToken);
        service.Dispose();
        folder.Dispose();
    }

    private async Task SubmitAsync() =>
        Assert.NotNull((await service.SubmitAsync(Job, specification, TestContext.Current.CancellationToken)).Accepted);

    private void Hear(object happened)
    {
        if (happened is JobCompleted or JobFailed)
            Assert.True(ends.Writer.TryWrite(happened));
    }

    private ValueTask<object> EndAsync() => ends.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<Problem>?> RetryAsync() => service.RetryAsync(Job, TestContext.Current.CancellationToken);
}
