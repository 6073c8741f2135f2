using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Worker;

namespace Upweave.Coordinator.Tests.Bus;

/// <summary>Coordinator and worker on MassTransit's in-memory bus, as they run embedded.</summary>
internal sealed class EmbeddedJob : IAsyncDisposable
{
    private readonly ServiceProvider provider;

    private EmbeddedJob(ServiceProvider provider) => this.provider = provider;

    public static async Task<EmbeddedJob> StartAsync(JobFolder folder)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<IStoreCatalog>(folder.Stores);
        services.AddSingleton<Endings>();
        services.AddCoordinator(options => options.WorkerSlots = 2);
        services.AddWorker(options => options.Slots = 2);
        services.AddMassTransitTestHarness(bus =>
        {
            bus.AddCoordinatorConsumers();
            bus.AddWorkerConsumers();
            bus.AddConsumer<EndConsumer>();
        });
        ServiceProvider provider = services.BuildServiceProvider(validateScopes: true);
        await provider.GetRequiredService<MassTransit.Testing.ITestHarness>().Start();
        return new EmbeddedJob(provider);
    }

    /// <summary>The answer to a submission.</summary>
    public async Task<object> SubmitAsync(Guid jobId, JobSpecification specification)
    {
        IRequestClient<SubmitJob> client = provider.GetRequiredService<MassTransit.Testing.ITestHarness>().GetRequestClient<SubmitJob>();
        Response<JobAccepted, JobRejected> response = await client.GetResponse<JobAccepted, JobRejected>(
            new SubmitJob { JobId = jobId, Specification = specification }, TestContext.Current.CancellationToken);
        return response.Message;
    }

    /// <summary>How the job ended: <see cref="JobCompleted"/>, <see cref="JobFailed"/> or <see cref="JobCancelled"/>.</summary>
    public Task<object> EndAsync() => provider.GetRequiredService<Endings>().First.Task.WaitAsync(
        TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => provider.DisposeAsync();

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
