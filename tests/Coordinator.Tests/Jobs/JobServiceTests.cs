using Microsoft.Extensions.Options;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>Submissions to a coordinator whose workers never answer.</summary>
public sealed class JobServiceTests : IAsyncDisposable
{
    private static readonly Guid Job = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private readonly JobFolder folder = new();
    private readonly LogLines<JobService> log = new();
    private readonly JobService service;
    private readonly JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.npy");

    public JobServiceTests()
    {
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        JobEnvironment environment = new(
            folder.Stores, new Silence(), Options.Create(new CoordinatorOptions()), TimeProvider.System, log);
        service = new JobService(Plans.Planner(folder), environment);
    }

    [Fact]
    public async Task SubmitAsync_SameMessageTwice_IsOneJob()
    {
        SubmitResult first = await SubmitAsync(Job, specification);
        SubmitResult second = await SubmitAsync(Job, specification);
        Assert.Equal(first.Accepted, second.Accepted);
        Assert.NotNull(service.Find(Job));
    }

    [Fact]
    public async Task SubmitAsync_IdentityOfAnotherJob_IsRefused()
    {
        await SubmitAsync(Job, specification);
        SubmitResult second = await SubmitAsync(Job, specification with { Output = "s/other.npy" });
        Assert.Equal("job_id", Assert.Single(second.Rejected!.Problems).Field);
        Assert.DoesNotContain(folder.Files, file => file.StartsWith("other", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SubmitAsync_OutputOfARunningJob_IsRefused()
    {
        await SubmitAsync(Job, specification);
        SubmitResult second = await SubmitAsync(Guid.NewGuid(), specification);
        Assert.Equal("output", Assert.Single(second.Rejected!.Problems).Field);
    }

    [Fact]
    public async Task SubmitAsync_TwoJobsForOneOutputAtOnce_OneIsAccepted()
    {
        SubmitResult[] results = await Task.WhenAll(
            Task.Run(() => SubmitAsync(Guid.NewGuid(), specification)),
            Task.Run(() => SubmitAsync(Guid.NewGuid(), specification with { Dtype = "float16" })));
        Assert.Single(results, result => result.Accepted is not null);
        Assert.Single(results, result => result.Rejected is not null);
    }

    [Fact]
    public async Task SubmitAsync_GoodAndBad_IsLoggedWithTheJob()
    {
        SubmitResult good = await SubmitAsync(Job, specification);
        Guid other = Guid.NewGuid();
        await SubmitAsync(other, specification);
        Assert.Contains($"Information: Job {Job} accepted: s/in.npy to s/out.npy, 1 tiles, plan {good.Accepted!.PlanHash}.", log.All);
        Assert.Contains($"Information: Job {other} rejected: output: A running job writes s/out.npy already.", log.All);
    }

    [Fact]
    public async Task StopAsync_RunningJob_CanBeResumed()
    {
        SubmitResult first = await SubmitAsync(Job, specification);
        await service.StopAsync(TestContext.Current.CancellationToken);
        Assert.Null(service.Find(Job));
        SubmitResult second = await SubmitAsync(Guid.NewGuid(), specification);
        Assert.True(second.Accepted!.Resumed);
        Assert.Equal(first.Accepted!.PlanHash, second.Accepted.PlanHash);
    }

    [Fact]
    public async Task PostAsync_UnknownJob_IsIgnored()
    {
        await service.PostAsync(Guid.NewGuid(), new CancelJob { JobId = Job }, TestContext.Current.CancellationToken);
        Assert.Null(service.Find(Job));
    }

    public async ValueTask DisposeAsync()
    {
        await service.StopAsync(TestContext.Current.CancellationToken);
        service.Dispose();
        folder.Dispose();
    }

    private Task<SubmitResult> SubmitAsync(Guid id, JobSpecification wanted) =>
        service.SubmitAsync(id, wanted, TestContext.Current.CancellationToken);

    private sealed class Silence : IJobMessages
    {
        public Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task AnnounceAsync(object happened, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
