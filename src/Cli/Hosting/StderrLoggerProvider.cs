using Microsoft.Extensions.Logging;
using Upweave.Coordinator;

namespace Upweave.Cli.Hosting;

/// <summary>
/// Writes log entries to the error stream, one line each. The console logger of the framework would cost a thread and
/// start-up time for a handful of warnings.
/// </summary>
internal sealed class StderrLoggerProvider : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || eventId == CoordinatorTelemetry.JobFailed)
            return; // how its job ended a command says itself
        string reason = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
        string line = $"{(logLevel == LogLevel.Warning ? "warning" : "error")}: {formatter(state, exception)}{reason}";
        Console.Error.WriteLine(line.ReplaceLineEndings(" "));
    }

    public void Dispose()
    {
    }
}
