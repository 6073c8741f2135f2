using Spectre.Console;
using Spectre.Console.Rendering;
using Upweave.Cli.Remote;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>The jobs of a coordinator as a table that is drawn over and over: those that run, with how fast and how long still.</summary>
internal sealed class LiveJobTable
{
    private const int BarLength = 20;

    private readonly Dictionary<Guid, RateMeter> meters = [];

    /// <param name="jobs">Those that run come first.</param>
    /// <param name="rowsMax">Jobs that there is room for; the rest is counted.</param>
    public IRenderable Draw(IReadOnlyList<JobStatus> jobs, int rowsMax)
    {
        Table table = new Table().Border(TableBorder.None).AddColumns("JOB", "STATE", "", "TILES", "RATE", "LEFT", "TIME", "OUTPUT");
        foreach (TableColumn column in table.Columns)
        {
            column.NoWrap();
        }

        int length = jobs.Count == 0 ? 0 : JobReference.ShownLength(jobs);
        foreach (JobStatus job in jobs.Take(rowsMax))
        {
            table.AddRow(Row(job, length));
        }

        if (jobs.Count > rowsMax)
            table.Caption($"and {Units.Count(jobs.Count - rowsMax)} more: 'upweave status' lists all");
        return table;
    }

    private IRenderable[] Row(JobStatus job, int length)
    {
        JobProgressed progress = job.Progress;
        RateMeter? meter = job.State == JobState.Running && !job.Paused ? Measure(progress) : null;
        return
        [
            new Text(job.JobId.ToString()[..length]),
            new Text(StatusReport.State(job), new Style(ColourOf(job))),
            Bar(progress.TileCount == 0 ? 0 : (double)progress.TilesDone / progress.TileCount, ColourOf(job)),
            new Text(StatusReport.Tiles(progress)),
            new Text(meter is { TilesPerSecond: > 0 } ? $"{Units.Digits(meter.TilesPerSecond)}/s" : ""),
            new Text(meter?.Remaining is { } remaining && progress.TilesDone < progress.TileCount ? Units.Duration(remaining) : ""),
            new Text(Units.Duration(progress.Elapsed)),
            new Text(job.Output) { Overflow = Overflow.Ellipsis },
        ];
    }

    private RateMeter Measure(JobProgressed progress)
    {
        if (!meters.TryGetValue(progress.JobId, out RateMeter? meter))
            meters.Add(progress.JobId, meter = new RateMeter());
        meter.Add(progress);
        return meter;
    }

    private static Paragraph Bar(double share, Color colour)
    {
        int done = (int)Math.Floor(BarLength * Math.Clamp(share, 0, 1));
        return new Paragraph(new string('━', done), new Style(colour)).Append(new string('━', BarLength - done), new Style(Color.Grey35));
    }

    private static Color ColourOf(JobStatus job) => job switch
    {
        { Paused: true } => Color.Yellow,
        { State: JobState.Running } => Color.DarkCyan,
        { State: JobState.Completed } => Color.Green,
        { State: JobState.Failed } => Color.Red,
        _ => Color.Grey,
    };
}
