using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>Progress as lines, for logs and pipes: one when a stage begins, then every tenth of the tiles or two seconds.</summary>
internal sealed class PlainProgress(TextWriter writer) : IProgressView, IProgressSink
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly RateMeter meter = new();
    private JobProgressed? shown;

    public Task<T> ShowAsync<T>(Func<IProgressSink, Task<T>> work) => work(this);

    public void Report(JobProgressed progress)
    {
        meter.Add(progress);
        if (!IsDue(progress))
            return;
        shown = progress;
        string line = ProgressText.Stage(progress.Stage).PadRight(16) + ProgressText.Details(progress, meter);
        writer.WriteLine(line.TrimEnd());
    }

    public void Report(TileFailed failure) => Note(ProgressText.Failure(failure));

    public void Note(string text) => writer.WriteLine(text);

    private bool IsDue(JobProgressed progress)
    {
        if (shown is null || shown.Stage != progress.Stage)
            return true;
        if (progress.TilesDone == shown.TilesDone)
            return false;
        return progress.Elapsed - shown.Elapsed >= Pause || Tenth(progress) > Tenth(shown);
    }

    private static long Tenth(JobProgressed progress) =>
        progress.TileCount == 0 ? 0 : (long)(10.0 * progress.TilesDone / progress.TileCount);
}
