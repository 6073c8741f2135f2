using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Upweave.Storage.Stores;

namespace Upweave.ServiceDefaults;

/// <summary>What the hosts of the coordinator and of workers have in common.</summary>
public static class HostDefaults
{
    /// <summary>
    /// A host that reads <c>appsettings.json</c> beside the program, wherever it was started from, then environment variables, then
    /// arguments such as <c>--Upweave:Broker=...</c>.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args) => WebApplication.CreateSlimBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    /// <summary>Adds the stores of the configuration, health checks, logging and telemetry.</summary>
    /// <param name="service">Name of the service in telemetry.</param>
    /// <param name="stopTime">How long consumers may go on with what they have begun when the host stops.</param>
    public static HostSettings AddHostDefaults(this WebApplicationBuilder builder, string service, TimeSpan stopTime)
    {
        HostSettings settings = HostSettings.Read(builder.Configuration);
        builder.AddTelemetry(service);
        builder.Services.AddSingleton<HostEnd>();
        builder.Services.AddSingleton<IStoreCatalog>(settings.OpenStores());
        builder.Services.AddStoreHealth(settings.Stores.Keys);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = stopTime + (2 * HostTimes.StepDown));
        return settings;
    }

    /// <summary>
    /// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it is connected to the broker, and its stores answer.
    /// </summary>
    public static WebApplication MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthAnswer.WriteAsync });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            ResponseWriter = HealthAnswer.WriteAsync,
            ResultStatusCodes =
            {
                // What the bus reports of queues that it has lost: they are all that a host lives on.
                [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable,
            },
        });
        return app;
    }

    /// <summary>A check for each store, and a line in the log when one is lost or back. The broker has a line of its own.</summary>
    private static void AddStoreHealth(this IServiceCollection services, IEnumerable<string> stores)
    {
        IHealthChecksBuilder checks = services.AddHealthChecks();
        foreach (string store in stores)
        {
            checks.Add(new HealthCheckRegistration(
                HealthDefaults.StorePrefix + store, provider => new StoreHealth(provider.GetRequiredService<IStoreCatalog>(), store),
                failureStatus: null, tags: null));
        }

        services.AddSingleton<IHealthCheckPublisher, HealthLog>();
        services.Configure<HealthCheckPublisherOptions>(options =>
        {
            options.Predicate = check => check.Name.StartsWith(HealthDefaults.StorePrefix, StringComparison.Ordinal);
            options.Delay = HealthLog.Delay;
            options.Period = HealthLog.Period;
        });
    }
}
