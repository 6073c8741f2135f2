using Upweave.Cli.Remote;

namespace Upweave.Cli.Tests.Support;

/// <summary>A link whose events, answers and losses are written down beforehand.</summary>
/// <param name="events">What comes next; null for silence, an exception to be thrown.</param>
/// <param name="answers">The answers to questions for the state; none after the last.</param>
internal sealed class FakeLink(object?[] events, object?[] answers) : IJobLink
{
    private readonly Queue<object?> events = new(events);
    private readonly Queue<object?> answers = new(answers);

    /// <summary>Attempts to connect that fail before one succeeds.</summary>
    public int Refusals { get; set; }

    public int Connections { get; private set; }

    public int Questions { get; private set; }

    public Task<object?> NextAsync(TimeSpan time, CancellationToken cancellationToken) => events.TryDequeue(out object? next)
        ? next is Exception error ? Task.FromException<object?>(error) : Task.FromResult(next)
        : Task.FromResult<object?>(null);

    public Task<object?> GetAsync(Guid jobId, CancellationToken cancellationToken)
    {
        Questions++;
        return Task.FromResult(answers.TryDequeue(out object? answer) ? answer : null);
    }

    public Task ReconnectAsync(CancellationToken cancellationToken)
    {
        Connections++;
        return Connections > Refusals ? Task.CompletedTask : Task.FromException(new BrokerException("The broker at host:5672 cannot be reached."));
    }
}
