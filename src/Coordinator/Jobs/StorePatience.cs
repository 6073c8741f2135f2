using Microsoft.Extensions.Logging;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// Waits for a store that is away, with the same pauses as tiles have: an outage costs a job time and nothing else. What is asked is
/// asked again from its beginning, so it must do no harm twice.
/// </summary>
public sealed class StorePatience(Guid jobId, JobEnvironment environment)
{
    /// <summary>What the job waits for; null when it does not.</summary>
    public string? Warning { get; private set; }

    /// <exception cref="StoreUnavailableException">The store was away for a day.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, ValueTask<T>> request, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                T answer = await request(cancellationToken);
                if (Warning is not null)
                    environment.Log.LogInformation("Job {Job}: the store answers again.", jobId);
                Warning = null;
                return answer;
            }
            catch (StoreUnavailableException error) when (tries <= RetryPolicy.PostponementsMax)
            {
                environment.Leadership.Demand();
                if (Warning is null)
                    environment.Log.LogWarning("Job {Job} waits for a store. {Reason}", jobId, error.Message);
                Warning = $"The job waits for a store. {error.Message}";
                await Task.Delay(RetryPolicy.WaitAfterPostponement(tries), environment.Time, cancellationToken);
                environment.Leadership.Demand();
            }
        }
    }

    /// <inheritdoc cref="AskAsync{T}"/>
    public Task AskAsync(Func<CancellationToken, ValueTask> request, CancellationToken cancellationToken) => AskAsync(
        async stop =>
        {
            await request(stop);
            return true;
        },
        cancellationToken);
}
