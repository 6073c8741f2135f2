using System.CommandLine;
using System.Diagnostics;
using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Commands;

/// <summary><c>cancel</c>: stops a job and waits until nothing of it is left.</summary>
internal static class CancelCommand
{
    /// <summary>How long a job may take to stop. Workers finish the tiles that they have, and what was staged is removed.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromMinutes(5);

    public static Command Create(Terminal terminal)
    {
        RemoteCommand remote = new("cancel", "Stop a submitted job and remove what it has begun", ArgumentArity.ExactlyOne);
        remote.Command.SetAction(async (result, cancellationToken) =>
        {
            Reporter reporter = new(terminal, remote.WantsJson(result));
            await using JobClient jobs = await JobClient.ConnectAsync(remote.Broker(result), cancellationToken);
            List<Problem> problems = [];
            if (await remote.FindAsync(result, jobs, problems, cancellationToken) is not Guid jobId)
                return reporter.Refuse(problems);
            await jobs.WatchAsync(jobId, cancellationToken);
            object? answer = await jobs.CancelAsync(jobId, cancellationToken);
            if (answer is JobStatus { State: JobState.Running })
            {
                await terminal.Error.WriteLineAsync("asked to stop; waiting until nothing of it is left");
                answer = await EndAsync(jobs, cancellationToken) ?? answer;
            }

            return Tell(reporter, jobId, answer);
        });
        return remote.Command;
    }

    private static async Task<object?> EndAsync(JobClient jobs, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (await jobs.NextAsync(StopTime - Stopwatch.GetElapsedTime(started), cancellationToken) is { } heard)
        {
            if (JobFollower.IsEnd(heard))
                return heard;
        }

        return null;
    }

    private static int Tell(Reporter reporter, Guid jobId, object? answer) => answer switch
    {
        JobCancelled or JobStatus { State: JobState.Cancelled } => reporter.Succeed(
            new JobCancelled { JobId = jobId }, new Report().Row("job", jobId.ToString()).Row("state", "cancelled")),
        JobCompleted or JobStatus { State: JobState.Completed } => reporter.Fail($"The job {jobId} had completed before."),
        JobFailed failed => reporter.Fail($"The job {jobId} had failed before: {EndReport.Reason(failed)}"),
        JobStatus { State: JobState.Failed } status => reporter.Fail($"The job {jobId} had failed before: {status.Reason}"),
        JobStatus => reporter.Fail(
            $"The job {jobId} was asked to stop and has not in {StopTime.TotalMinutes:0} min. hint: upweave status {jobId}"),
        JobRejected rejected => reporter.Refuse(rejected.Problems),
        _ => reporter.Fail($"The job {jobId} was not cancelled. {RemoteCommand.Unanswered}"),
    };
}
