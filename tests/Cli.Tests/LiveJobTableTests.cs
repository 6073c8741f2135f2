using Spectre.Console;
using Upweave.Cli.Rendering;
using Upweave.Cli.Tests.Support;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Tests;

/// <summary>All jobs in a table that is drawn over and over.</summary>
public sealed class LiveJobTableTests
{
    private static readonly JobStatus Ended = Heard.Status(JobState.Failed, tiles: 7) with
    {
        JobId = new Guid("4f2a0000-0001-4000-8000-000000000001"),
        Output = "results/[brackets].npy",
    };

    [Fact]
    public void Draw_AgainWithMoreTilesDone_SaysHowFastAndHowLongStill()
    {
        LiveJobTable table = new();
        Assert.DoesNotContain("/s", Text(table, [Heard.Status(JobState.Running), Ended]), StringComparison.Ordinal);
        string[] lines = Text(table, [Heard.Status(JobState.Running, tiles: 5), Ended]).Split('\n');
        Assert.Matches("^JOB +STATE +TILES +RATE +LEFT +TIME +OUTPUT", lines[0]);
        Assert.Matches(@"^3f2a0000 +computing +━{20} +5 of 10 \(50%\) +1/s +5 s +5 s +data/out\.npy", lines[1]);
        Assert.Matches(@"^4f2a0000 +failed +━{20} +7 of 10 \(70%\) +7 s +results/\[brackets\]\.npy", lines[2]);
    }

    [Fact]
    public void Draw_MoreJobsThanLines_CountsTheRest() =>
        Assert.Contains("and 1 more", Text(new LiveJobTable(), [Heard.Status(JobState.Running), Ended], rowsMax: 1), StringComparison.Ordinal);

    private static string Text(LiveJobTable table, IReadOnlyList<JobStatus> jobs, int rowsMax = 10)
    {
        using StringWriter writer = new();
        IAnsiConsole console = Consoles.Of(writer, isTerminal: false);
        console.Profile.Width = 120;
        console.Write(table.Draw(jobs, rowsMax));
        return writer.ToString();
    }
}
