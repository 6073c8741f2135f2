using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Http;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Standby;
using Upweave.Coordinator.Tests.Jobs;
using Upweave.ServiceDefaults;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Http;

/// <summary>The API on a server of its own, with a job of 8 tiles (two rows of [16,12] each) and a scripted worker.</summary>
internal sealed class ApiScene : IAsyncDisposable
{
    private readonly JobFolder folder = new();
    private readonly Channel<object> ends = Channel.CreateUnbounded<object>();
    private WebApplication app = null!;

    public Guid Job { get; } = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    public JobSpecification Specification { get; } = Plans.Nearest("s/in.npy", "s/out.npy", [2, 12]);

    public ScriptedWorker Worker { get; private set; } = null!;

    public Leadership Leadership { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="token">Of the API.</param>
    /// <param name="isActive">False for one that stands by.</param>
    public static async Task<ApiScene> StartAsync(string? token = null, bool isActive = true)
    {
        ApiScene scene = new() { Leadership = isActive ? Leadership.Alone : new Leadership(TimeProvider.System) };
        scene.folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        JobPlan plan = await Plans.MakeAsync(scene.folder, scene.Specification, options => options.WorkerSlots = 1);
        scene.Worker = new ScriptedWorker(plan, scene.folder.Place("out.npy")) { Announced = scene.Hear };
        JobEnvironment environment = new(
            scene.folder.Stores, scene.Worker, Options.Create(new CoordinatorOptions { WindowRuns = 3 }), TimeProvider.System,
            new LogLines<JobService>())
        {
            Leadership = scene.Leadership,
        };
        JobService service = new(Plans.Planner(scene.folder, options => options.WorkerSlots = 1), environment);
        scene.Worker.Answer = (said, stop) => service.PostAsync(scene.Job, said, stop);
        WebApplicationBuilder builder = HostDefaults.CreateBuilder([]);
        builder.Logging.ClearProviders();
        builder.AddJobApi(token);
        builder.Services.AddSingleton(service);
        builder.Services.AddHostedService(provider => provider.GetRequiredService<JobService>());
        builder.Services.AddHealthChecks();
        scene.app = builder.Build().MapJobApi().MapHealth();
        scene.app.Urls.Add("http://127.0.0.1:0");
        await scene.app.StartAsync(Cancelled);
        scene.Client = new HttpClient { BaseAddress = new Uri(scene.app.Urls.Single()) };
        return scene;
    }

    public Task<HttpResponseMessage> SubmitAsync() => Client.PostAsJsonAsync(
        $"api/jobs?job_id={Job}", Specification, ContractJson.Options, Cancelled);

    public Task<HttpResponseMessage> OrderAsync(string order) => Client.PostAsync($"api/jobs/{Job}/{order}", content: null, Cancelled);

    /// <summary>What an address of the job answers, e.g. <c>/tiles</c>.</summary>
    public async Task<JsonElement> GetAsync(string address = "") =>
        JsonElement.Parse(await Client.GetStringAsync($"api/jobs/{Job}{address}", Cancelled));

    /// <summary>The first or next end of the job, and its details once it is noted.</summary>
    public async Task<JsonElement> EndAsync()
    {
        await ends.Reader.ReadAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        return await UntilAsync(job => job.GetProperty("status").GetProperty("state").GetString() != "running");
    }

    /// <summary>The job's details as soon as they are as they should be.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> isSo)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            JsonElement job = await GetAsync();
            if (isSo(job))
                return job;
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }

    public Task StopAsync() => app.StopAsync(Cancelled);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        folder.Dispose();
    }

    private void Hear(object happened)
    {
        if (happened is not JobProgressed)
            ends.Writer.TryWrite(happened);
    }
}
