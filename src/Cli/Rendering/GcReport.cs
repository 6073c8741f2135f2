using Upweave.Coordinator.Housekeeping;

namespace Upweave.Cli.Rendering;

/// <summary>What <c>gc</c> has removed: a line for each output, and the sum.</summary>
internal static class GcReport
{
    public static void Write(GarbageReport report, Terminal terminal)
    {
        foreach (AbandonedJob job in report.Removed)
        {
            terminal.Out.WriteLine(
                $"  {job.Output}: {Units.Bytes(job.Bytes)} in {Units.Count(job.Objects, "object")}"
                + (job.Blocks > 0 ? $" and {Units.Count(job.Blocks, "staged block")}" : "")
                + $", last changed {job.LastProgress.UtcDateTime:u}" + (job.Published ? "; the output is published and stays" : ""));
        }

        foreach (LeftJob job in report.Left)
        {
            terminal.Out.WriteLine($"  {job.Output}: left as it is: {job.Reason.ReplaceLineEndings(" ")}");
        }

        string verb = report.DryRun ? "would be removed" : "removed";
        terminal.Out.WriteLine(
            $"{Units.Bytes(report.Bytes)} of {Units.Count(report.Removed.Count, "abandoned job")} {verb}; "
            + $"{Units.Count(report.Recent, "job")} with recent progress left alone");
    }
}
