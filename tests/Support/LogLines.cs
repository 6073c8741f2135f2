using Microsoft.Extensions.Logging;

namespace Upweave.Tests;

/// <summary>A log that can be read, e.g. <c>Warning: Job 1 failed.</c>.</summary>
internal sealed class LogLines<T> : ILogger<T>
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> All
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines)
        {
            lines.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }
}
