using System.Text.Json;
using MassTransit.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Tests.Jobs;
using Upweave.Planning;
using Upweave.ServiceDefaults.Broker;
using Upweave.Tests;
using Upweave.Worker;
using Upweave.Worker.Devices;
using Upweave.Worker.Jobs;
using Upweave.Worker.Pictures;
using Upweave.Worker.Previews;
using Upweave.Worker.Pyramids;
using Upweave.Worker.Tiles;

namespace Upweave.Coordinator.Tests.Hostile;

/// <summary>
/// Messages as bytes, changed in every way: read as the bus reads them, checked, and what passes is given to a job or a worker. Nothing
/// breaks, nothing takes long, and what is refused is refused with the bus's own or our own kind of error.
/// </summary>
public sealed class MessageMutationTests : IAsyncDisposable
{
    private static readonly Guid Job = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    /// <summary>The options of the bus, by which a host makes its own.</summary>
    private static readonly JsonSerializerOptions Wire = BrokerRegistration.Json(SystemTextJsonMessageSerializer.Options, WireNames.Naming);

    private readonly JobFolder folder = new();
    private readonly LogLines<JobService> log = new();
    private readonly RecordingMessages messages = new();
    private JobService service = null!;
    private JobPlan plan = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 3000)]
    [InlineData(2, 3000)]
    public async Task Reports_Changed_NeverBreakTheirJob(int seed, int count)
    {
        await StartAsync();
        string completed = Text(new TilesCompleted
        {
            JobId = Job, PlanHash = plan.Hash, Stage = JobStage.Compute, FirstTile = 2, TileCount = 3, Costs = new TileCosts(1, 2, 3, 4, 5),
            HeldSeconds = 1.5, Worker = "w",
        });
        string failed = Text(new TileFailed
        {
            JobId = Job, PlanHash = plan.Hash, Stage = JobStage.Compute, Tile = 4, Attempt = 1, Kind = TileErrorKind.Transient, Message = "m",
            Postponed = true, Worker = "w",
        });
        (int accepted, int rejected) = await MutationRun.PlayAsync(seed, count, [completed], TakeAsync<TilesCompleted>(MessageRules.FaultOf));
        Assert.True(accepted > count / 20 && rejected > count / 3);
        (accepted, rejected) = await MutationRun.PlayAsync(seed, count, [failed], TakeAsync<TileFailed>(MessageRules.FaultOf));
        Assert.True(accepted > count / 20 && rejected > count / 3);

        // The job has heard all of it, and is none the worse.
        Assert.Equal(JobState.Running, service.Find(Job)!.State);
        Assert.NotEmpty(Text(service.Find(Job)!));
        await service.PostAsync(Job, new CancelJob { JobId = Job }, Cancelled);
        Assert.DoesNotContain(log.All, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_Changed_AreReadOrRefused()
    {
        await StartAsync();
        string[] valid = [Text(new CancelJob { JobId = Guid.NewGuid() }), Text(new GetJob { JobId = Job }), "{}"];
        await MutationRun.PlayAsync(3, 1000, valid, TakeAsync<CancelJob>(_ => null));
        await MutationRun.PlayAsync(4, 1000, valid, TakeAsync<RetryJob>(_ => null));
        await MutationRun.PlayAsync(5, 1000, valid, bytes => Task.FromResult(
            TryRead<GetJob>(bytes) is { } question && (question.JobId is Guid id ? service.Find(id) is null or { Output: not null } : service.List().Count > 0)));
    }

    [Fact]
    public async Task Runs_Changed_AreComputedOrRefusedByTheWorker()
    {
        await StartAsync();
        IOptions<WorkerOptions> options = Options.Create(new WorkerOptions { Name = "w", Slots = 1 });
        ProcessorDevice device = new();
        using TileBufferPool pool = new(options, device);
        using ComputeThreads threads = new(options, device);
        await using JobContexts jobs = new(folder.Stores, options, device, NullLogger<JobContexts>.Instance);
        TileRunService worker = new(
            folder.Stores, new PlanCache(), jobs, new TileService(pool, threads, TimeProvider.System),
            new PyramidService(pool, threads, TimeProvider.System), new PictureTasks(folder.Stores),
            new PreviewService(options, TimeProvider.System, NullLogger<PreviewService>.Instance), device, new DeviceLoss(),
            options, TimeProvider.System, NullLogger<TileRunService>.Instance);
        string run = Text(new ComputeTiles
        {
            JobId = Job, Output = "s/out.npy", PlanHash = plan.Hash, Stage = JobStage.Compute, FirstTile = 5, TileCount = 2, Attempt = 1, TraceParent = "t",
        });
        CountedReports reports = new();
        (int accepted, int rejected) = await MutationRun.PlayAsync(6, 4000, [run], async bytes =>
        {
            if (TryRead<ComputeTiles>(bytes) is not { } changed || MessageRules.FaultOf(changed) is not null)
                return false;
            reports.Tiles = 0;
            await worker.RunAsync(changed, reports, Cancelled);
            Assert.Equal(changed.TileCount, reports.Tiles); // every tile is answered for
            return true;
        });
        Assert.True(accepted > 200 && rejected > 1500);
    }

    public async ValueTask DisposeAsync()
    {
        await service.StopAsync(CancellationToken.None);
        service.Dispose();
        folder.Dispose();
    }

    /// <summary>A job of 20,000 tiles whose workers say nothing by themselves.</summary>
    private async Task StartAsync()
    {
        folder.WriteNpy("in.npy", [20_000, 2], Numbers.Floats(40_000));
        service = new JobService(
            Plans.Planner(folder, options => options.WorkerSlots = 1),
            new JobEnvironment(
                folder.Stores, messages, Options.Create(new CoordinatorOptions { AttemptsMax = 1_000_000, LossesMax = 1_000_000 }),
                new FakeTimeProvider(), log));
        await service.SubmitAsync(Job, Plans.Nearest("s/in.npy", "s/out.npy", [2, 4]), Cancelled);
        plan = (await PlanStore.ReadAsync(folder.Place("out.npy"), Cancelled))!;
        await messages.Dispatched.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    private Func<byte[], Task<bool>> TakeAsync<T>(Func<T, string?> faultOf)
        where T : class => async bytes =>
    {
        if (TryRead<T>(bytes) is not { } message || faultOf(message) is not null)
            return false;
        await service.PostAsync(Job, message, Cancelled);
        return true;
    };

    private static string Text<T>(T message) => JsonSerializer.Serialize(message, Wire);

    /// <summary>As the bus does it: the body first, then the message in it. Anything but these errors would be news to it.</summary>
    private static T? TryRead<T>(byte[] bytes)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(bytes, Wire).Deserialize<T>(Wire);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed class CountedReports : IWorkerMessages
    {
        public int Tiles { get; set; }

        public Task TilesCompletedAsync(TilesCompleted completed, CancellationToken cancellationToken)
        {
            Assert.Null(MessageRules.FaultOf(completed));
            Tiles += completed.TileCount;
            return Task.CompletedTask;
        }

        public Task TileFailedAsync(TileFailed failed, CancellationToken cancellationToken)
        {
            Assert.Null(MessageRules.FaultOf(failed));
            Tiles++;
            return Task.CompletedTask;
        }
    }
}
