using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Upweave.Contracts;
using Upweave.Coordinator.Consumers;
using Upweave.Coordinator.Http;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Standby;
using Upweave.ServiceDefaults;
using Upweave.ServiceDefaults.Broker;

namespace Upweave.Coordinator;

/// <summary>The coordinator as a service.</summary>
public static class CoordinatorHost
{
    /// <exception cref="SettingsException">The configuration is not right.</exception>
    public static WebApplication Create(string[] args)
    {
        WebApplicationBuilder builder = HostDefaults.CreateBuilder(args);
        HostSettings settings = builder.AddHostDefaults("upweave-coordinator", HostTimes.CoordinatorStop);
        builder.Services.AddCoordinator(options =>
        {
            options.WorkerSlots = settings.WorkerSlots;
            options.WorkerMemoryBytes = settings.WorkerMemoryBytes;
            options.FleetSlots = CoordinatorOptions.SlotsOfAFleet;
            options.WindowRuns = CoordinatorOptions.FleetWindowRuns;
            options.AttemptsMax = CoordinatorOptions.FleetAttemptsMax;
        });
        builder.Services.AddSingleton<IFleetWatch>(
            provider => new QueueWatch(settings.Broker, provider.GetRequiredService<ILogger<QueueWatch>>()));
        builder.AddJobApi(settings.CoordinatorToken);
        string? coordinatorLock = settings.CoordinatorLock;
        if (coordinatorLock is not null)
            builder.Services.AddStandby(settings.OpenStores(), coordinatorLock);
        builder.Services.AddBroker(
            settings.Broker, WireNames.Naming, HostTimes.CoordinatorStop, HostTimes.CoordinatorHeartbeat,
            bus => bus.AddCoordinatorConsumers(),
            (context, rabbit) =>
            {
                rabbit.NameJobExchanges();
                if (coordinatorLock is null)
                    rabbit.AddJobEndpoints(context);
                else
                    rabbit.AutoStart = true; // one that stands by reads no queue but its own, by which it knows the broker
            });
        WebApplication app = builder.Build().MapJobApi();
        app.Services.GetRequiredService<BrokerLink>().Returned += app.Services.GetRequiredService<JobService>().HearBrokerReturned;
        return app;
    }
}
