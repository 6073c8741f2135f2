using Spectre.Console;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>Progress as a bar that is drawn over and over, on a terminal. It disappears when the work ends.</summary>
internal sealed class BarProgress(TextWriter writer) : IProgressView
{
    private static readonly TimeSpan RefreshRate = TimeSpan.FromMilliseconds(100);

    public Task<T> ShowAsync<T>(Func<IProgressSink, Task<T>> work)
    {
        IAnsiConsole console = Consoles.Of(writer, isTerminal: true);
        DetailsColumn details = new();
        Progress progress = console.Progress().AutoClear(true).Columns(
            new SpinnerColumn(),
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn(),
            new PercentageColumn(),
            details);
        progress.RefreshRate = RefreshRate;
        return progress.StartAsync(context => work(new Sink(console, context.AddTask("planning"), details)));
    }

    private sealed class Sink(IAnsiConsole console, ProgressTask task, DetailsColumn details) : IProgressSink
    {
        private readonly RateMeter meter = new();

        public void Report(JobProgressed progress)
        {
            meter.Add(progress);
            details.Text = ProgressText.Details(progress, meter);
            task.Description = ProgressText.Stage(progress.Stage);
            task.MaxValue = Math.Max(1, progress.TileCount);
            task.Value = ProgressText.HasTiles(progress.Stage) ? progress.TilesDone : 0;
            task.IsIndeterminate = !ProgressText.HasTiles(progress.Stage);
        }

        public void Report(TileFailed failure) => Note(ProgressText.Failure(failure));

        public void Note(string text) => console.Write(new NoteLine(text));
    }
}
