using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Upweave.Coordinator.Consumers;
using Upweave.Coordinator.Jobs;
using Upweave.ServiceDefaults;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Standby;

/// <summary>Makes a coordinator one of several of which one is active.</summary>
public static class StandbyRegistration
{
    /// <summary>Where jobs are remembered, beside the lock.</summary>
    private const string RecordsSuffix = ".jobs";

    /// <summary>Adds the services, after those of the coordinator.</summary>
    /// <param name="stores">Of the host; one of them has the lock.</param>
    /// <param name="reference">The lock as <c>store/path</c>.</param>
    /// <exception cref="SettingsException">There can be no lock.</exception>
    public static IServiceCollection AddStandby(this IServiceCollection services, IStoreCatalog stores, string reference)
    {
        StoreLocation place = Resolve(stores, reference);
        services.AddSingleton<Leadership>(provider => new Leadership(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new JobRecords(
            place with { Path = place.Path + RecordsSuffix }, provider.GetRequiredService<ILogger<JobRecords>>()));
        services.AddSingleton(provider => ((ILockingStore)place.Store).OpenLease(
            place.Path, LeaseKeeper.Duration, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IActiveEndpoints, StandbyEndpoints>();
        services.AddSingleton<IActiveTerm, ActiveTerm>();
        services.AddHostedService<LeaseKeeper>();
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            StandbyHealth.Name, provider => new StandbyHealth(provider.GetRequiredService<Leadership>()), failureStatus: null, tags: null));
        return services;
    }

    private static StoreLocation Resolve(IStoreCatalog stores, string reference)
    {
        const string Setting = $"{HostSettings.Section}:Coordinator:Lock";
        try
        {
            StoreLocation place = stores.Resolve(reference);
            return place.Store is ILockingStore
                ? place
                : throw new SettingsException($"{Setting}: the store of '{reference}' cannot lock. hint: name another store");
        }
        catch (InvalidArrayException error)
        {
            throw new SettingsException($"{Setting}: {error.Message} hint: {error.Hint}");
        }
    }
}
