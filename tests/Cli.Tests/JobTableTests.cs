using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Cli.Tests.Support;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Tests;

/// <summary>Jobs in a table, and the names by which they are found again.</summary>
public sealed class JobTableTests
{
    private static readonly JobStatus First = Heard.Status(JobState.Running);

    private static readonly JobStatus Second = Heard.Status(JobState.Completed, tiles: 10) with
    {
        JobId = new Guid("3f2a0000-0001-4000-8000-000000000001"),
        Output = "results/" + new string('x', 200),
    };

    [Fact]
    public void Write_Jobs_HaveALineEach()
    {
        string[] lines = Write([First, Second]);
        Assert.Equal(3, lines.Length);
        Assert.Equal("  JOB            STATE      TILES            TIME  OUTPUT", lines[0]);
        Assert.Equal("  3f2a0000-0000  computing  3 of 10 (30%)    3 s   data/out.npy", lines[1]);
        Assert.Equal("  3f2a0000-0001  completed  10 of 10 (100%)  10 s  " + Second.Output, lines[2]);
    }

    [Fact]
    public void Write_OneJob_HasAShortName() => Assert.StartsWith("  3f2a0000  computing", Write([First])[1], StringComparison.Ordinal);

    [Fact]
    public void Write_NoJobs_SaysSo() => Assert.Contains("No jobs", Assert.Single(Write([])), StringComparison.Ordinal);

    [Theory]
    [InlineData("3f2a0000-0000", 1)]
    [InlineData("3F2A0000-0001", 2)]
    [InlineData("3f2a0000-0001-4000-8000-000000000001", 2)]
    public void Find_BeginningOfOneJob_IsThatJob(string text, int which)
    {
        List<Problem> problems = [];
        Assert.Equal((which == 1 ? First : Second).JobId, JobReference.Find(text, [First, Second], problems));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("3f2a", "2 jobs")]
    [InlineData("4", "No job")]
    [InlineData("", "No job")]
    public void Find_OtherText_IsAProblem(string text, string message)
    {
        List<Problem> problems = [];
        Assert.Null(JobReference.Find(text, [First, Second], problems));
        Assert.Contains(message, Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    private static string[] Write(IReadOnlyList<JobStatus> jobs)
    {
        using StringWriter writer = new();
        JobTable.Write(jobs, new Terminal(writer, TextWriter.Null, false, false));
        return writer.ToString().Split(writer.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
