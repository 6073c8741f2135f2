using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Upweave.Cli.Options;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.Coordinator;
using Upweave.ServiceDefaults;
using Upweave.Storage.Stores;
using Upweave.Worker;
using Upweave.Worker.Devices;

namespace Upweave.Cli.Hosting;

/// <summary>
/// Coordinator and worker in this process, on MassTransit's in-memory transport and the command line's stores: the
/// code that runs distributed, with other plumbing.
/// </summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    /// <summary>What the bus has to stop; the jobs leave after it, in a time of their own.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(3);

    /// <summary>Planning reads headers and weights, which may be slow; it is not forever.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(30);

    private readonly IHost host;

    private EmbeddedHost(IHost host) => this.host = host;

    /// <summary>What happens in the host's jobs.</summary>
    public JobEvents Events => host.Services.GetRequiredService<JobEvents>();

    /// <summary>What computes the tiles.</summary>
    public IComputeDevice Device => host.Services.GetRequiredService<IComputeDevice>();

    /// <summary>Ends, with the reason, when that is lost: no tile is computed from then on.</summary>
    public Task<string> DeviceLost => host.Services.GetRequiredService<DeviceLoss>().Reason;

    /// <summary>Starts the host.</summary>
    /// <param name="openDevice">How to come to a device.</param>
    /// <exception cref="SettingsException">The device that was named is not there, or cannot be used.</exception>
    public static async Task<EmbeddedHost> StartAsync(
        WorkerBounds bounds, IStoreCatalog stores, Func<DeviceChoice, IComputeDevice> openDevice, CancellationToken cancellationToken)
    {
        // Beside all the rest: a device's driver takes its time.
        Task<IComputeDevice> device = Task.Run(() => openDevice(bounds.Device), cancellationToken);

        // Empty: no configuration files, so no watchers of them; nothing that a command line needs is missing.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(new StderrLoggerProvider()).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTime + HostTimes.StepDown);
        builder.Services.AddSingleton(_ => device.GetAwaiter().GetResult()); // by a function: so it is disposed of with the host
        AddJobs(builder.Services, bounds, stores);
        IHost host = builder.Build();
        EmbeddedHost embedded = new(host);
        try
        {
            await host.StartAsync(cancellationToken);
            await device;
            return embedded;
        }
        catch
        {
            await embedded.DisposeAsync();
            throw;
        }
    }

    /// <summary>Submits a job.</summary>
    /// <returns>The coordinator's <see cref="JobAccepted"/> or <see cref="JobRejected"/>.</returns>
    public async Task<object> SubmitAsync(Guid jobId, JobSpecification specification, CancellationToken cancellationToken)
    {
        SubmitJob job = new() { Specification = JsonSerializer.Serialize(specification, ContractJson.Options) };
        await using AsyncServiceScope scope = host.Services.CreateAsyncScope();
        IRequestClient<SubmitJob> client = scope.ServiceProvider.GetRequiredService<IRequestClient<SubmitJob>>();
        Response<JobAccepted, JobRejected> answer = await client.GetResponse<JobAccepted, JobRejected>(
            job, request => request.UseExecute(context => context.MessageId = jobId), cancellationToken);
        return answer.Message;
    }

    /// <summary>Stops in good order, within a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    private static void AddJobs(IServiceCollection services, WorkerBounds bounds, IStoreCatalog stores)
    {
        services.AddSingleton(stores);
        services.AddSingleton<JobEvents>();
        services.AddCoordinator(options =>
        {
            options.WorkerSlots = bounds.Slots;
            options.WorkerMemoryBytes = bounds.MemoryBytes;
        });
        services.AddWorker(options =>
        {
            options.Slots = bounds.Slots;
            options.MemoryBytes = bounds.MemoryBytes;
        });
        services.Configure<MassTransitHostOptions>(options =>
        {
            options.WaitUntilStarted = true;
            options.StopTimeout = StopTime;
            options.ConsumerStopTimeout = StopTime / 2;
        });
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddCoordinatorConsumers();
            bus.AddWorkerConsumers();
            bus.AddConsumer<JobEventsConsumer, JobEventsConsumerDefinition>();
            bus.AddRequestClient<SubmitJob>(AnswerTime);
            bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
        });
    }
}
