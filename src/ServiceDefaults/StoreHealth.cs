using Microsoft.Extensions.Diagnostics.HealthChecks;
using Upweave.Storage.Stores;

namespace Upweave.ServiceDefaults;

/// <summary>Asks a store for an object that nobody writes; that there is none is a good answer.</summary>
internal sealed class StoreHealth(IStoreCatalog stores, string store) : IHealthCheck
{
    /// <summary>Patience with a store.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private const string Probe = "upweave-health";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // A task of its own: a network drive that hangs does so in the call itself.
            StoreLocation probe = stores.Resolve($"{store}/{Probe}");
            await Task.Run(() => probe.Store.StatAsync(probe.Path, cancellationToken).AsTask(), cancellationToken)
                .WaitAsync(Timeout, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, Describe(error));
        }
    }

    private static string Describe(Exception error) => error is TimeoutException
        ? $"No answer in {Timeout.TotalSeconds} s."
        : $"{error.GetType().Name}: {error.Message.Split('\n', 2)[0].Trim()}";
}
