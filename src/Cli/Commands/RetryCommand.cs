using System.CommandLine;
using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Commands;

/// <summary><c>retry</c>: runs a failed job again, from what it has done.</summary>
internal static class RetryCommand
{
    public static Command Create(Terminal terminal)
    {
        RemoteCommand remote = new(
            "retry", "Run the failed tiles of a job again, and those that were left out, by the same plan", ArgumentArity.ExactlyOne);
        Option<bool> wait = new("--wait") { Description = "Show the progress and wait for the end" };
        remote.Command.Options.Add(wait);
        remote.Command.SetAction(async (result, cancellationToken) =>
        {
            Reporter reporter = new(terminal, remote.WantsJson(result));
            await using JobClient jobs = await JobClient.ConnectAsync(remote.Broker(result), cancellationToken);
            List<Problem> problems = [];
            if (await remote.FindAsync(result, jobs, problems, cancellationToken) is not Guid jobId)
                return reporter.Refuse(problems);
            if (result.GetValue(wait))
                await jobs.WatchAsync(jobId, cancellationToken);
            switch (await jobs.RetryAsync(jobId, cancellationToken))
            {
                case JobStatus status when result.GetValue(wait):
                    IProgressView view = RunCommand.View(terminal, remote.WantsJson(result));
                    return await WatchCommand.FollowAsync(jobs, jobId, status, reporter, view, terminal, cancellationToken);
                case JobStatus status:
                    return reporter.Succeed(status, StatusReport.Create(status));
                case JobRejected rejected:
                    return reporter.Refuse(rejected.Problems);
                default:
                    return reporter.Fail(RemoteCommand.Unanswered);
            }
        });
        return remote.Command;
    }
}
