using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
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
    /// <param name="stopTime">How long consumers may go on with what they have begun when the host stops.</param>
    public static HostSettings AddHostDefaults(this WebApplicationBuilder builder, TimeSpan stopTime)
    {
        HostSettings settings = HostSettings.Read(builder.Configuration);
        builder.Services.AddSingleton<IStoreCatalog>(new StoreCatalog(settings.Stores));
        builder.Services.AddHealthChecks();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = stopTime + (2 * HostTimes.StepDown));
        return settings;
    }

    /// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it is connected to the broker.</summary>
    public static WebApplication MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
        return app;
    }
}
