using System.CommandLine;
using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Commands;

/// <summary><c>pause</c> and <c>resume</c>: stops sending out the tiles of a job, and goes on with it.</summary>
internal static class HoldCommand
{
    public static Command CreatePause(Terminal terminal) => Create(
        terminal, new RemoteCommand(
            "pause", "Send out no more tiles of a job until it is resumed; those that are out are finished", ArgumentArity.ExactlyOne),
        isPaused: true);

    public static Command CreateResume(Terminal terminal) => Create(
        terminal, new RemoteCommand("resume", "Go on with a job that was paused", ArgumentArity.ExactlyOne), isPaused: false);

    private static Command Create(Terminal terminal, RemoteCommand remote, bool isPaused)
    {
        remote.Command.SetAction(async (result, cancellationToken) =>
        {
            Reporter reporter = new(terminal, remote.WantsJson(result));
            await using JobClient jobs = await JobClient.ConnectAsync(remote.Broker(result), cancellationToken);
            List<Problem> problems = [];
            if (await remote.FindAsync(result, jobs, problems, cancellationToken) is not Guid jobId)
                return reporter.Refuse(problems);
            return await jobs.HoldAsync(jobId, isPaused, cancellationToken) switch
            {
                JobStatus { State: not JobState.Running } ended => reporter.Fail(
                    $"The job {jobId} had ended before: {StatusReport.State(ended)}."),
                JobStatus status => reporter.Succeed(status, StatusReport.Create(status)),
                JobRejected rejected => reporter.Refuse(rejected.Problems),
                _ => reporter.Fail(RemoteCommand.Unanswered),
            };
        });
        return remote.Command;
    }
}
