using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Insight;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

public sealed class EndedJobsTests
{
    [Fact]
    public async Task Add_ManyJobs_KeepsWhatCanBeSeenOfTheLatestOnly()
    {
        using JobFolder folder = new();
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", "s/out.npy"));
        JobInsight insight = new(plan, new PlanGeometry(plan), folder.Place("out.npy"), TimeProvider.System);
        Guid[] jobs = [.. Enumerable.Range(0, EndedJobs.JobsMax + 5).Select(_ => Guid.NewGuid())];
        EndedJobs ended = new();
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        foreach (Guid job in jobs)
        {
            now += TimeSpan.FromSeconds(1);
            ended.Add(new EndedJob(StatusOf(job), plan, now, insight, Trace: null), now);
        }


        Assert.Equal(jobs.Reverse().Take(EndedJobs.JobsMax), ended.List().Select(job => job.JobId));
        Assert.Equal(jobs.Reverse().Take(EndedJobs.InsightsMax), jobs.Reverse().Where(job => ended.Find(job)?.Insight is not null));
    }

    private static JobStatus StatusOf(Guid job) => new()
    {
        JobId = job,
        Output = "s/out.npy",
        State = JobState.Completed,
        Progress = new JobProgressed
        {
            JobId = job, Stage = JobStage.Commit, TilesDone = 1, TileCount = 1, BytesWritten = 1, Elapsed = TimeSpan.Zero,
        },
    };
}
