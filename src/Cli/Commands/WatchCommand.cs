using System.CommandLine;
using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Commands;

/// <summary><c>watch</c>: the progress of a job until its end, or of all jobs.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal)
    {
        RemoteCommand remote = new("watch", "Show the progress of all jobs, or of one of them, until the end", ArgumentArity.ZeroOrOne);
        remote.Command.SetAction(async (result, cancellationToken) =>
        {
            Reporter reporter = new(terminal, remote.WantsJson(result));
            await using JobClient jobs = await JobClient.ConnectAsync(remote.Broker(result), cancellationToken);
            if (remote.Job(result) is null)
                return await WatchAll.RunAsync(jobs, reporter, remote.WantsJson(result), terminal, cancellationToken);
            List<Problem> problems = [];
            if (await remote.FindAsync(result, jobs, problems, cancellationToken) is not Guid jobId)
                return reporter.Refuse(problems);

            // First, so that nothing is missed between the state and the events.
            await jobs.WatchAsync(jobId, cancellationToken);
            object? state = await jobs.GetAsync(jobId, cancellationToken);
            if (state is JobRejected rejected)
                return reporter.Refuse(rejected.Problems);
            if (state is null)
                return reporter.Fail(RemoteCommand.Unanswered);
            IProgressView view = RunCommand.View(terminal, remote.WantsJson(result));
            return await FollowAsync(jobs, jobId, state, reporter, view, terminal, cancellationToken);
        });
        return remote.Command;
    }

    /// <summary>Shows the progress of a job that is being listened to, and how it ends.</summary>
    /// <param name="state">Its state, or its end.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> FollowAsync(
        JobClient jobs, Guid jobId, object state, Reporter reporter, IProgressView view, Terminal terminal,
        CancellationToken cancellationToken)
    {
        try
        {
            object end = JobFollower.IsEnd(state)
                ? state
                : await view.ShowAsync(sink => FollowAsync(jobs, (JobStatus)state, sink, cancellationToken));
            return EndReport.Tell(reporter, jobId, end);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync($"interrupted; the job goes on. 'upweave cancel {jobId}' stops it");
            return ExitCodes.Interrupted;
        }
    }

    private static Task<object> FollowAsync(
        JobClient jobs, JobStatus state, IProgressSink sink, CancellationToken cancellationToken)
    {
        sink.Report(state.Progress);
        return new JobFollower(jobs, state.JobId, sink).FollowAsync(cancellationToken);
    }
}
