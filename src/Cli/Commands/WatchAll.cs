using Spectre.Console;
using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Commands;

/// <summary><c>watch</c> without a job: all of them, until none runs.</summary>
internal static class WatchAll
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Lines of a terminal that are not for jobs.</summary>
    private const int LinesKept = 4;

    /// <summary>On a terminal as a table that is drawn over and over; else with the table whenever a job begins or ends.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        JobClient jobs, Reporter reporter, bool json, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!terminal.OutIsTerminal || json)
        {
            string shown = "";
            JobList end = await FollowAsync(
                jobs, list =>
                {
                    string states = string.Join(' ', list.Jobs.Select(job => $"{job.JobId} {StatusReport.State(job)}"));
                    if (states != shown && !json)
                        JobTable.Write(list.Jobs, terminal);
                    shown = states;
                }, cancellationToken);
            return reporter.Succeed(end, () => { });
        }

        IAnsiConsole console = Consoles.Of(terminal.Out, isTerminal: true);
        LiveJobTable table = new();
        await console.Live(new Text("asking…")).StartAsync(async live => await FollowAsync(
            jobs, list =>
            {
                live.UpdateTarget(table.Draw(list.Jobs, Math.Max(1, console.Profile.Height - LinesKept)));
                live.Refresh();
            }, cancellationToken));
        return ExitCodes.Success;
    }

    /// <exception cref="BrokerException">Nobody answers.</exception>
    private static async Task<JobList> FollowAsync(JobClient jobs, Action<JobList> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            JobList list = await jobs.ListAsync(cancellationToken) ?? throw new BrokerException(RemoteCommand.Unanswered);
            show(list);
            if (list.Jobs.All(job => job.State != JobState.Running))
                return list;
            await Task.Delay(Period, cancellationToken);
        }
    }
}
