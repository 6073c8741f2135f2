using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Tests.Schema;
using Upweave.Worker;
using Upweave.Worker.Devices;

namespace Upweave.Coordinator.Tests.Bus;

/// <summary>Coordinator and worker on MassTransit's in-memory bus, as they run embedded.</summary>
internal sealed class EmbeddedJob : IAsyncDisposable
{
    private readonly IHost host;

    private EmbeddedJob(IHost host) => this.host = host;

    public static async Task<EmbeddedJob> StartAsync(JobFolder folder)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        IServiceCollection services = builder.Services;
        services.AddSingleton<IStoreCatalog>(folder.Stores);
        services.AddSingleton<Endings>();
        services.AddCoordinator(options => options.WorkerSlots = 2);
        services.AddSingleton<IComputeDevice>(new ProcessorDevice());
        services.AddWorker(options => options.Slots = 2);
        services.AddMassTransit(bus =>
        {
            bus.AddCoordinatorConsumers();
            bus.AddWorkerConsumers();
            bus.AddConsumer<EndConsumer>();
            bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
        });
        services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new EmbeddedJob(host);
    }

    /// <summary>The answer to a submission.</summary>
    public Task<object> SubmitAsync(Guid jobId, JobSpecification specification) =>
        SubmitAsync(jobId, JsonSerializer.Serialize(specification, ContractJson.Options));

    /// <summary>The same for a specification as text.</summary>
    public async Task<object> SubmitAsync(Guid jobId, string specification)
    {
        IRequestClient<SubmitJob> client = host.Services.GetRequiredService<IBus>().CreateRequestClient<SubmitJob>();
        Response<JobAccepted, JobRejected> response = await client.GetResponse<JobAccepted, JobRejected>(
            new SubmitJob { Specification = specification },
            request => request.UseExecute(context => context.MessageId = jobId), TestContext.Current.CancellationToken);
        if (response.Message is JobAccepted)
            JobSchema.AssertValid(specification);
        return response.Message;
    }

    public JobService Jobs => host.Services.GetRequiredService<JobService>();

    /// <summary>Waits until the coordinator says so itself: that comes just after the event.</summary>
    public async Task UntilAsync(Guid jobId, JobState state)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        while (Jobs.Find(jobId)?.State != state || Jobs.List()[0].State == JobState.Running)
        {
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }

    /// <summary>How the job ended: <see cref="JobCompleted"/>, <see cref="JobFailed"/> or <see cref="JobCancelled"/>.</summary>
    public Task<object> EndAsync() => host.Services.GetRequiredService<Endings>().First.Task.WaitAsync(
        TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(TestContext.Current.CancellationToken);
        host.Dispose();
    }

    private sealed class Endings
    {
        public TaskCompletionSource<object> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class EndConsumer(Endings endings) : IConsumer<JobCompleted>, IConsumer<JobFailed>, IConsumer<JobCancelled>
    {
        public Task Consume(ConsumeContext<JobCompleted> context) => Note(context.Message);

        public Task Consume(ConsumeContext<JobFailed> context) => Note(context.Message);

        public Task Consume(ConsumeContext<JobCancelled> context) => Note(context.Message);

        private Task Note(object end)
        {
            endings.First.TrySetResult(end);
            return Task.CompletedTask;
        }
    }
}
