using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>Shows a job's progress while it runs.</summary>
internal interface IProgressView
{
    /// <summary>Shows what <paramref name="work"/> reports until it ends.</summary>
    Task<T> ShowAsync<T>(Func<IProgressSink, Task<T>> work);
}

/// <summary>Takes what happens in a job. Not safe for concurrent use.</summary>
internal interface IProgressSink
{
    void Report(JobProgressed progress);

    void Report(TileFailed failure);

    /// <summary>Says something beside the progress, on a line of its own.</summary>
    void Note(string text);
}
