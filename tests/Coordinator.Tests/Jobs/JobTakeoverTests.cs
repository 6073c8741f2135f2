using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Standby;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>What a coordinator finds that takes over, and what the one before can still do.</summary>
public sealed class JobTakeoverTests : IAsyncDisposable
{
    private static readonly Guid Job = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private readonly JobFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private readonly List<Coordinating> coordinators = [];
    private readonly JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.npy");

    public JobTakeoverTests() => folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resume_JobOfALostCoordinator_GoesOnWithItsPlan()
    {
        Coordinating lost = Start();
        SubmitResult accepted = await lost.Service.SubmitAsync(Job, specification, Cancelled);
        Coordinating next = Start();
        Assert.Equal(1, await next.Service.ResumeAsync(Cancelled));
        ComputeTiles run = await next.FirstRunAsync();
        Assert.Equal((Job, accepted.Accepted!.PlanHash), (run.JobId, run.PlanHash));
        Assert.Equal(JobState.Running, next.Service.Find(Job)!.State);

        // The message that asked for it comes again when it had not been acknowledged.
        SubmitResult again = await next.Service.SubmitAsync(Job, specification, Cancelled);
        Assert.Equal(accepted.Accepted.PlanHash, again.Accepted!.PlanHash);
    }

    [Fact]
    public async Task Resume_OutputPublishedAndClaimGone_TellsThatItIsCompleted()
    {
        Coordinating lost = Start();
        await lost.Service.SubmitAsync(Job, specification, Cancelled);
        await lost.Service.LeaveAsync();
        await lost.Records.NotePublishedAsync(Job, Cancelled);
        await folder.Stores.Resolve("s/out.npy.upweave").Store.DeleteAllAsync("out.npy.upweave", Cancelled);
        Coordinating next = Start();
        Assert.Equal(1, await next.Service.ResumeAsync(Cancelled));
        Assert.IsType<JobCompleted>(await next.Messages.EndAsync());
        await UntilForgottenAsync();
    }

    [Fact]
    public async Task Resume_ClaimGivenUp_EndsTheCancellation()
    {
        Coordinating lost = Start();
        await lost.Service.SubmitAsync(Job, specification, Cancelled);
        await lost.Service.LeaveAsync();
        await folder.Place("x").Store.DeleteAsync(JobPaths.Plan("out.npy"), Cancelled);
        Coordinating next = Start();
        Assert.Equal(1, await next.Service.ResumeAsync(Cancelled));
        Assert.IsType<JobCancelled>(await next.Messages.EndAsync());
        await UntilForgottenAsync();
        Assert.DoesNotContain(folder.Files, file => file.Contains("out.npy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resume_OutputClaimedByAnotherPlan_LeavesThatAlone()
    {
        Coordinating lost = Start();
        await lost.Service.SubmitAsync(Job, specification, Cancelled);
        await lost.Service.LeaveAsync();
        await folder.Place("x").Store.DeleteAsync(JobPaths.Plan("out.npy"), Cancelled);
        Guid other = Guid.NewGuid();
        Coordinating between = Start();
        Assert.NotNull((await between.Service.SubmitAsync(other, specification with { Dtype = "float16" }, Cancelled)).Accepted);
        await between.Service.LeaveAsync();
        Coordinating next = Start();
        Assert.Equal(2, await next.Service.ResumeAsync(Cancelled));
        Assert.IsType<JobCancelled>(await next.Messages.EndAsync());
        Assert.Contains("out.npy.upweave/plan.json", folder.Files);
        Assert.Equal(JobState.Running, next.Service.Find(other)!.State);
    }

    [Fact]
    public async Task Resume_PausedJob_StaysPausedUntilItIsResumed()
    {
        Coordinating lost = Start();
        await lost.Service.SubmitAsync(Job, specification, Cancelled);
        await lost.Service.PostAsync(Job, new PauseJob { JobId = Job }, Cancelled);
        time.Advance(TimeSpan.FromSeconds(10));
        Coordinating next = Start();
        await next.Service.ResumeAsync(Cancelled);
        Assert.True(next.Service.Find(Job)!.Paused);
        Assert.False(next.Messages.Dispatched.Task.IsCompleted);
        await next.Service.PostAsync(Job, new ResumeJob { JobId = Job }, Cancelled);
        await next.FirstRunAsync();
        Coordinating third = Start();
        await third.Service.ResumeAsync(Cancelled);
        Assert.False(third.Service.Find(Job)!.Paused);
    }

    [Fact]
    public async Task Resume_FailedJob_IsKnownAndCanBeTriedAgain()
    {
        Coordinating lost = Start();
        await lost.FailAsync(Job, specification);
        Coordinating next = Start();
        Assert.Equal(0, await next.Service.ResumeAsync(Cancelled));
        JobStatus status = next.Service.Find(Job)!;
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("scripted", status.Reason, StringComparison.Ordinal);
        Assert.Single(next.Service.List());
        Assert.Null(await next.Service.RetryAsync(Job, Cancelled));
        Assert.Equal(JobState.Running, next.Service.Find(Job)!.State);
        await next.FirstRunAsync();

        // It runs again, for the coordinator after this one too.
        Coordinating third = Start();
        Assert.Equal(1, await third.Service.ResumeAsync(Cancelled));
    }

    [Fact]
    public async Task Resume_JobThatFailedLongAgo_IsForgotten()
    {
        Coordinating lost = Start();
        await lost.FailAsync(Job, specification);
        time.Advance(EndedJobs.Kept + TimeSpan.FromSeconds(1));
        Coordinating next = Start();
        Assert.Equal(0, await next.Service.ResumeAsync(Cancelled));
        Assert.Null(next.Service.Find(Job));
        Assert.Empty(Records);
    }

    [Fact]
    public async Task Resume_StoreThatIsNotConfiguredAnyMore_LeavesThatJobAndTakesTheOthers()
    {
        Coordinating lost = Start();
        await lost.Service.SubmitAsync(Job, specification, Cancelled);
        Guid other = Guid.NewGuid();
        await lost.Service.SubmitAsync(other, specification with { Output = "s/other.npy" }, Cancelled);
        await lost.Service.LeaveAsync();
        Coordinating next = Start(new Refusing(folder.Stores, "s/other.npy"));
        Assert.Equal(1, await next.Service.ResumeAsync(Cancelled));
        Assert.Equal(JobState.Running, next.Service.Find(Job)!.State);
        Assert.Null(next.Service.Find(other));
        Assert.Equal(2, Records.Length);
    }

    /// <summary>A catalog that does not know one of the references.</summary>
    private sealed class Refusing(IStoreCatalog stores, string unknown) : IStoreCatalog
    {
        public StoreLocation Resolve(string reference) =>
            reference == unknown ? throw new InvalidArrayException($"'{reference}' names no store.") : stores.Resolve(reference);
    }

    [Fact]
    public async Task Records_TakenOver_AreOutOfReachOfTheOneBefore()
    {
        Coordinating lost = Start();
        await lost.Service.SubmitAsync(Job, specification, Cancelled);
        Coordinating next = Start();
        await next.Service.ResumeAsync(Cancelled);
        string before = File.ReadAllText(folder.FileOf(Assert.Single(Records)));
        await Assert.ThrowsAsync<LeadershipLostException>(() => lost.Records.NotePublishedAsync(Job, Cancelled));
        await Assert.ThrowsAsync<LeadershipLostException>(() => lost.Records.RemoveAsync(Job, Cancelled));
        Assert.Equal(before, File.ReadAllText(folder.FileOf(Assert.Single(Records))));
    }

    [Fact]
    public async Task Records_Damaged_AreNamedAndStay()
    {
        Directory.CreateDirectory(folder.FileOf("lock.jobs"));
        await File.WriteAllTextAsync(folder.FileOf("lock.jobs/1.json"), "{\"version\":1", Cancelled);
        await File.WriteAllTextAsync(folder.FileOf("lock.jobs/2.json"), "{\"version\":7}", Cancelled);
        Coordinating next = Start();
        Assert.Equal(0, await next.Service.ResumeAsync(Cancelled));
        Assert.Equal(2, Records.Length);
    }

    [Fact]
    public async Task AnyCall_LeadershipEnded_IsLeftToTheOther()
    {
        Coordinating stopped = Start();
        await stopped.Service.SubmitAsync(Job, specification, Cancelled);
        await stopped.FirstRunAsync();
        string[] files = folder.Files;
        time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<LeadershipLostException>(
            () => stopped.Service.SubmitAsync(Guid.NewGuid(), specification with { Output = "s/other.npy" }, Cancelled));
        await Assert.ThrowsAsync<LeadershipLostException>(
            async () => await stopped.Service.PostAsync(Job, new CancelJob { JobId = Job }, Cancelled));
        Assert.Throws<LeadershipLostException>(stopped.Service.Demand);
        await stopped.Service.LeaveAsync();
        Assert.Null(stopped.Service.Find(Job));
        Assert.Equal(files, folder.Files);
        Assert.False(stopped.Messages.HasEnded);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Coordinating coordinator in coordinators)
        {
            await coordinator.Service.StopAsync(CancellationToken.None);
            coordinator.Service.Dispose();
        }

        folder.Dispose();
    }

    /// <summary>A job is forgotten after its end has been told.</summary>
    private async Task UntilForgottenAsync()
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (Records.Length > 0)
        {
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }

    /// <summary>Without the files that the store has beside one while it is written.</summary>
    private string[] Records =>
        [.. folder.Files.Where(file => file.StartsWith("lock.jobs/", StringComparison.Ordinal) && file.EndsWith(".json", StringComparison.Ordinal))];

    /// <summary>A coordinator that is the active one for half a minute; the one before is lost or stands still.</summary>
    private Coordinating Start(IStoreCatalog? stores = null)
    {
        Coordinating coordinator = new(folder, stores ?? folder.Stores, time);
        coordinators.Add(coordinator);
        return coordinator;
    }
}
