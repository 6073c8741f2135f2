using System.CommandLine;
using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Commands;

/// <summary><c>status</c>: the jobs that a coordinator knows, or one of them.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        RemoteCommand remote = new("status", "Show the jobs that the coordinator knows, or one of them", ArgumentArity.ZeroOrOne);
        remote.Command.SetAction(async (result, cancellationToken) =>
        {
            Reporter reporter = new(terminal, remote.WantsJson(result));
            await using JobClient jobs = await JobClient.ConnectAsync(remote.Broker(result), cancellationToken);
            if (remote.Job(result) is null)
                return await ListAsync(jobs, reporter, terminal, cancellationToken);
            List<Problem> problems = [];
            if (await remote.FindAsync(result, jobs, problems, cancellationToken) is not Guid jobId)
                return reporter.Refuse(problems);
            return await jobs.GetAsync(jobId, cancellationToken) switch
            {
                JobStatus status => reporter.Succeed(status, StatusReport.Create(status)),
                JobRejected rejected => reporter.Refuse(rejected.Problems),
                _ => reporter.Fail(RemoteCommand.Unanswered),
            };
        });
        return remote.Command;
    }

    private static async Task<int> ListAsync(
        JobClient jobs, Reporter reporter, Terminal terminal, CancellationToken cancellationToken) =>
        await jobs.ListAsync(cancellationToken) is { } list
            ? reporter.Succeed(list, () => JobTable.Write(list.Jobs, terminal))
            : reporter.Fail(RemoteCommand.Unanswered);
}
