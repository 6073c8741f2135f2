namespace Upweave.ServiceDefaults.Broker;

/// <summary>Whether a host reaches its broker, and what it sends there.</summary>
public interface IBrokerState
{
    /// <summary>How long the broker has been away; null while it is there.</summary>
    TimeSpan? AwayFor { get; }

    /// <summary>
    /// Sends a message. A broker that is lost before it has confirmed one, and is back, never will; nobody waits for it longer than that,
    /// which the client does now and then.
    /// </summary>
    /// <param name="send">Ends when the message is confirmed.</param>
    /// <exception cref="IOException">The connection was lost meanwhile: the message may have got there, or not.</exception>
    Task SendAsync(Func<CancellationToken, Task> send, CancellationToken cancellationToken);
}
