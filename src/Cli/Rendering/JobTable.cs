using Spectre.Console;
using Upweave.Cli.Remote;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>A line for each job.</summary>
internal static class JobTable
{
    private static readonly string[] Heads = ["JOB", "STATE", "TILES", "TIME", "OUTPUT"];

    /// <param name="jobs">In the order in which they are shown.</param>
    public static void Write(IReadOnlyList<JobStatus> jobs, Terminal terminal)
    {
        if (jobs.Count == 0)
        {
            terminal.Out.WriteLine("No jobs are running, and none have ended since the coordinator was started.");
            return;
        }

        int length = JobReference.ShownLength(jobs);
        string[][] rows = [.. jobs.Select(job => Row(job, length))];
        int[] widths = [.. Heads.Select((head, column) => Math.Max(head.Length, rows.Max(row => row[column].Length)))];
        IAnsiConsole console = Consoles.Of(terminal.Out, terminal.OutIsTerminal);

        // Not a table of the library's, as in Report: that would fold long outputs.
        console.Write(new Text(Line(Heads, widths), new Style(decoration: Decoration.Dim)));
        terminal.Out.WriteLine();
        foreach (string[] row in rows)
        {
            terminal.Out.WriteLine(Line(row, widths));
        }
    }

    private static string[] Row(JobStatus job, int length) =>
    [
        job.JobId.ToString()[..length],
        StatusReport.State(job),
        StatusReport.Tiles(job.Progress),
        Units.Duration(job.Progress.Elapsed),
        job.Output,
    ];

    private static string Line(string[] cells, int[] widths) =>
        ("  " + string.Join("  ", cells.Select((cell, column) => cell.PadRight(widths[column])))).TrimEnd();
}
