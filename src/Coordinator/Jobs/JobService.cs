using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Coordinator.Standby;
using Upweave.Storage;

namespace Upweave.Coordinator.Jobs;

/// <summary>Takes jobs on and keeps those that are running.</summary>
public sealed class JobService : IHostedService, IDisposable
{
    /// <summary>The most jobs that run at the same time.</summary>
    public const int JobsMax = 256;

    private readonly ConcurrentDictionary<Guid, JobRun> running = new();
    private readonly ConcurrentDictionary<Guid, Task> tasks = new();
    private readonly JobMemory memory;
    private readonly SemaphoreSlim admission = new(1);
    private readonly JobClaim claims;
    private readonly JobEnvironment environment;
    private readonly FleetTelemetry telemetry;
    private CancellationTokenSource term = new();

    public JobService(JobPlanner planner, JobEnvironment environment)
    {
        claims = new JobClaim(planner, environment.Stores, environment.Leadership);
        this.environment = environment;
        memory = new JobMemory(environment);
        telemetry = new FleetTelemetry(() => running.Values.Sum(job => job.TilesRemaining), () => environment.Shares.Runs);
    }

    internal IEnumerable<JobRun> Running => running.Values;

    /// <summary>The same for a specification as JSON.</summary>
    /// <exception cref="LeadershipLostException">Another coordinator may be active: the request is for that one.</exception>
    public async Task<SubmitResult> SubmitAsync(Guid jobId, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        return ContractJson.ReadSpecification(json.Span, problems) is { } specification
            ? await SubmitAsync(jobId, specification, cancellationToken)
            : SubmitResult.Reject(jobId, problems);
    }

    /// <summary>Plans a job or finds the plan that an earlier run left, claims the output, and starts.</summary>
    /// <exception cref="LeadershipLostException">Another coordinator may be active: the request is for that one.</exception>
    public async Task<SubmitResult> SubmitAsync(Guid jobId, JobSpecification specification, CancellationToken cancellationToken)
    {
        await admission.WaitAsync(cancellationToken);
        try
        {
            environment.Leadership.Demand();
            if (running.TryGetValue(jobId, out JobRun? same))
                return SubmitResult.Repeat(jobId, same.Plan, specification);
            if (await memory.RepeatAsync(jobId, specification, cancellationToken) is { } repeated)
                return repeated;
            if (InTheWay(specification.Output) is { } problem)
                return Reject(jobId, [problem]);
            ClaimResult claim = await claims.ClaimAsync(specification, cancellationToken);
            if (claim.Plan is null)
                return Reject(jobId, claim.Problems);
            environment.Log.LogInformation(
                "Job {Job} accepted{Again}: {Input} to {Output}, {Tiles} tiles, plan {Plan}.", jobId, claim.Resumed ? " again" : "",
                specification.Input, specification.Output, claim.Plan.Prediction.Tiles, claim.Plan.Hash);
            await BeginAsync(jobId, claim.Plan, cancellationToken);
            return SubmitResult.Accept(jobId, claim.Plan, claim.Resumed);
        }
        finally
        {
            admission.Release();
        }
    }

    /// <summary>Runs a failed job again: what its plan has still to do, each tile with all attempts. A running one just goes on.</summary>
    /// <returns>Null when it was started or runs; else what is in the way.</returns>
    /// <exception cref="LeadershipLostException">Another coordinator may be active: the request is for that one.</exception>
    public async Task<IReadOnlyList<Problem>?> RetryAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await admission.WaitAsync(cancellationToken);
        try
        {
            environment.Leadership.Demand();
            if (running.GetValueOrDefault(jobId)?.Status.State == JobState.Running)
                return null;
            if (tasks.GetValueOrDefault(jobId) is { } end)
                await end.WaitAsync(cancellationToken); // it has announced its end just now
            if (memory.Find(jobId) is not { } before)
                return [new Problem("job_id", $"No job {jobId} is known here.", "submit the job anew; it goes on from what is done")];
            if (before.NothingToRetry is { } nothing)
                return [nothing];
            if (InTheWay(before.Plan.Specification.Output) is { } problem)
                return [problem];
            ClaimResult claim = await claims.ResumeAsync(before.Plan, cancellationToken);
            if (claim.Plan is null)
                return claim.Problems;
            environment.Log.LogInformation("Job {Job} is tried again, plan {Plan}.", jobId, claim.Plan.Hash);
            await BeginAsync(jobId, claim.Plan, cancellationToken);
            return null;
        }
        finally
        {
            admission.Release();
        }
    }

    /// <exception cref="LeadershipLostException">Another coordinator may be active: the request is for that one.</exception>
    public void Demand() => environment.Leadership.Demand();

    /// <summary>Tells a job that something has happened; nothing happens when it is not running here.</summary>
    /// <exception cref="LeadershipLostException">Another coordinator may be active: what was said is for that one.</exception>
    public async ValueTask PostAsync(Guid jobId, object said, CancellationToken cancellationToken)
    {
        environment.Leadership.Demand();
        if (!running.TryGetValue(jobId, out JobRun? job))
            return;
        await job.PostAsync(said, cancellationToken);
        if (said is PauseJob or ResumeJob)
            await environment.Records.NotePausedAsync(jobId, job.PausedSince, cancellationToken);
    }

    /// <summary>
    /// The broker was away. What was in its queues may be lost, so tiles in flight are looked for in the store, and those that are not
    /// there go out again; what is computed twice is a window at most.
    /// </summary>
    public void HearBrokerReturned()
    {
        foreach (JobRun job in running.Values)
        {
            job.Post(BrokerReturned.Instance);
        }
    }

    /// <summary>Tells a job of an order.</summary>
    /// <param name="order">A <see cref="CancelJob"/>, <see cref="PauseJob"/> or <see cref="ResumeJob"/>.</param>
    /// <returns>The job's state just then; null when it is not known here.</returns>
    /// <exception cref="LeadershipLostException">Another coordinator may be active: the order is for that one.</exception>
    public async Task<JobStatus?> OrderAsync(Guid jobId, object order, CancellationToken cancellationToken)
    {
        await PostAsync(jobId, order, cancellationToken);
        return Find(jobId);
    }

    /// <summary>What is known of a job that runs or has ended; null when nothing is.</summary>
    public JobStatus? Find(Guid jobId) => running.GetValueOrDefault(jobId)?.Status ?? memory.Find(jobId)?.Status;

    /// <summary>The same with its plan, and with what people may see of it.</summary>
    public JobView? FindView(Guid jobId) => running.GetValueOrDefault(jobId) is { } job
        ? new JobView(job.Status, job.Plan, job.Insight)
        : memory.Find(jobId) is { } end ? new JobView(end.Status, end.Plan, end.Insight) : null;

    /// <summary>The jobs that run, then those that have ended, latest first.</summary>
    public IReadOnlyList<JobStatus> List() =>
        [.. running.Values.Select(job => job.Status).Concat(memory.List()).DistinctBy(job => job.JobId)];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        CoordinatorTelemetry.CountNothing();
        return Task.CompletedTask;
    }

    /// <summary>Goes on with the jobs that another coordinator, or an earlier process of this one, has left.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="LeadershipLostException">Another coordinator may be active.</exception>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken)
    {
        await admission.WaitAsync(cancellationToken);
        try
        {
            int jobs = 0;
            await foreach (JobRecord record in environment.Records.TakeOverAsync(cancellationToken))
            {
                environment.Leadership.Demand();
                bool isHere = running.ContainsKey(record.JobId) || await memory.TryTakeOverAsync(record, cancellationToken);
                jobs += !isHere && TryTakeOver(record) ? 1 : 0;
            }

            return jobs;
        }
        finally
        {
            admission.Release();
        }
    }

    /// <summary>Leaves all jobs to the coordinator that is active next, and forgets them.</summary>
    public async Task LeaveAsync()
    {
        CancellationTokenSource ending = Interlocked.Exchange(ref term, new CancellationTokenSource());
        await ending.CancelAsync();
        await Task.WhenAll(tasks.Values);
        memory.Clear();
        ending.Dispose();
    }

    /// <summary>Leaves the jobs as they are in the store; submitting them again goes on from there.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await term.CancelAsync();
        await Task.WhenAll(tasks.Values).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        telemetry.Dispose();
        admission.Dispose();
        term.Dispose();
    }

    /// <summary>Why no job for this output can start now.</summary>
    private Problem? InTheWay(string? output) => running.Count >= JobsMax
        ? new Problem("", $"{JobsMax} jobs are running.", "submit it again later")
        : running.Values.Any(job => job.Output == output) ? new Problem("output", $"A running job writes {output} already.") : null;

    /// <summary>A job that ran before goes on in the same trace.</summary>
    private async Task BeginAsync(Guid jobId, JobPlan plan, CancellationToken cancellationToken)
    {
        JobTrace? trace = memory.Find(jobId)?.Trace ?? JobTrace.OfCurrentSpan();
        environment.Leadership.Demand();
        await environment.Records.AddAsync(jobId, plan, trace, cancellationToken);
        Start(new JobRun(jobId, plan, environment) { Trace = trace });
    }

    private void Start(JobRun job)
    {
        CancellationToken ending = term.Token;
        running[job.Id] = job;
        TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        tasks[job.Id] = end.Task;
        _ = Task.Run(() => RunAsync(job, end, ending), CancellationToken.None);
    }

    private async Task RunAsync(JobRun job, TaskCompletionSource end, CancellationToken ending)
    {
        try
        {
            IReadOnlyList<EndedJob> forgotten = [];
            try
            {
                await job.RunAsync(ending);
            }
            finally
            {
                forgotten = memory.Add(job);
            }

            await memory.NoteAsync(job, forgotten, ending);
        }
        catch (Exception error) when (error is LeadershipLostException || ending.IsCancellationRequested)
        {
            environment.Log.LogInformation("Job {Job} is left to the coordinator that is active next.", job.Id);
        }
        catch (Exception error)
        {
            environment.Log.LogError(error, "The end of job {Job} could not be announced or noted.", job.Id);
        }
        finally
        {
            running.TryRemove(job.Id, out _);
            tasks.TryRemove(job.Id, out _);
            end.SetResult();
        }
    }

    /// <summary>One job that cannot be carried out here is no reason to leave all others alone.</summary>
    private bool TryTakeOver(JobRecord record)
    {
        try
        {
            Start(new JobRun(record.JobId, record.Plan, environment) { Record = record, Trace = record.Trace });
            environment.Log.LogInformation("Job {Job} is taken over.", record.JobId);
            return true;
        }
        catch (Exception error) when (error is InvalidArrayException or ArgumentException or ArithmeticException)
        {
            environment.Log.LogError("Job {Job} cannot be taken over: {Reason} hint: see that this coordinator has the stores of the "
                + "one before, and start it anew", record.JobId, error.Message);
            return false;
        }
    }

    private SubmitResult Reject(Guid jobId, IReadOnlyList<Problem> problems)
    {
        environment.Log.LogInformation("Job {Job} rejected: {Problems}", jobId, string.Join(' ', problems));
        return SubmitResult.Reject(jobId, problems);
    }
}
