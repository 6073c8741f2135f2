using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Upweave.ServiceDefaults;

/// <summary>What the hosts of the coordinator and of workers have in common.</summary>
public static class HostDefaults
{
    /// <summary>Adds the stores of the configuration, health checks, logging and telemetry.</summary>
    public static WebApplicationBuilder AddHostDefaults(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks();
        return builder;
    }
}
