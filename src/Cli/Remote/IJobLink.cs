using Upweave.Contracts.Messages;

namespace Upweave.Cli.Remote;

/// <summary>What one hears of a job.</summary>
internal interface IJobLink
{
    /// <summary>The next event of the job that is watched, or a late answer.</summary>
    /// <returns>Null when there was none in this time.</returns>
    /// <exception cref="BrokerLostException">The connection is lost.</exception>
    Task<object?> NextAsync(TimeSpan time, CancellationToken cancellationToken);

    /// <summary>Asks for the job's state.</summary>
    /// <returns><see cref="JobStatus"/>; <see cref="JobRejected"/> when no such job is known; null when nobody answered.</returns>
    /// <exception cref="BrokerLostException">The connection is lost.</exception>
    Task<object?> GetAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>Connects again, watching the same job. Events in between are lost.</summary>
    /// <exception cref="BrokerException">There is no connection to be had.</exception>
    Task ReconnectAsync(CancellationToken cancellationToken);
}
