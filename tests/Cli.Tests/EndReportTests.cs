using Upweave.Cli.Rendering;
using Upweave.Cli.Tests.Support;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Tests;

/// <summary>How a job ended, in exit codes and words.</summary>
public sealed class EndReportTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Fact]
    public void Tell_Completed_IsTheReportOfARun()
    {
        Assert.Equal(0, Tell(Heard.Completed));
        Assert.Contains("data/out.npy", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("on all workers together", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tell_CompletedUnseen_IsTheState()
    {
        Assert.Equal(0, Tell(Heard.Status(JobState.Completed, tiles: 10)));
        Assert.Contains("10 of 10 (100%)", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tell_Failed_NamesTheTilesOnce()
    {
        Assert.Equal(1, Tell(Heard.Failed(7, 3, 7)));
        Assert.Equal("error: disk full. Failed tiles: 7, 3." + Environment.NewLine, error.ToString());
    }

    [Fact]
    public void Tell_OtherEnds_Fail()
    {
        object[] ends = [Heard.Failed(), Heard.Status(JobState.Failed, reason: "disk full"), Heard.Cancelled, Heard.Status(JobState.Cancelled), Heard.Unknown];
        Assert.All(ends, end => Assert.Equal(1, Tell(end)));
        string[] lines = error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["error: disk full", "error: disk full", "error: The job was cancelled.", "error: The job was cancelled."], lines[..4]);
        Assert.Contains("submit the same job again", lines[4], StringComparison.Ordinal);
    }

    private int Tell(object end) => EndReport.Tell(new Reporter(new Terminal(output, error, false, false), json: false), Heard.Job, end);
}
