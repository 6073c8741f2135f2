namespace Upweave.Cli.Remote;

/// <summary>A message for the coordinator.</summary>
/// <param name="Exchange">One of <see cref="Contracts.WireNames"/>.</param>
/// <param name="Type">The message's name, for people who look at the broker.</param>
internal sealed record Request(string Exchange, string Type, ReadOnlyMemory<byte> Json)
{
    /// <summary>The identity of the job that is submitted; of no meaning for other requests.</summary>
    public Guid MessageId { get; init; } = Guid.NewGuid();

    /// <summary>Comes back with the answer.</summary>
    public string CorrelationId { get; } = Guid.NewGuid().ToString();

    /// <summary>How long the request may wait for a coordinator; null: for ever.</summary>
    public TimeSpan? Expiration { get; init; }
}

/// <summary>A message from the coordinator.</summary>
/// <param name="CorrelationId">That of the request that it answers; null for an event.</param>
internal sealed record Received(object Message, string? CorrelationId);
