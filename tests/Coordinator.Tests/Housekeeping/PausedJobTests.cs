using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Housekeeping;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Planning;
using Upweave.Coordinator.Tests.Jobs;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Tests.Servers;
using Upweave.Tiling;

namespace Upweave.Coordinator.Tests.Housekeeping;

/// <summary>
/// A job in blob storage that is paused after its third tile for longer than the collector waits. The coordinator's clock is the test's, and
/// so is what the collector takes for the store's.
/// </summary>
public sealed class PausedJobTests : IAsyncLifetime
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private readonly JobFolder folder = new();
    private readonly ManualTime time = new();
    private readonly LogLines<JobService> log = new();
    private AzuriteServer azurite = null!;
    private StoreCatalog stores = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        azurite = await AzuriteServer.StartAsync(Cancelled);
        stores = new StoreCatalog(new Dictionary<string, string>
        {
            ["s"] = $"{azurite.ConnectionString.TrimEnd(';')};Container=t{Guid.NewGuid():N}",
        });
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        byte[] input = await File.ReadAllBytesAsync(folder.FileOf("in.npy"), Cancelled);
        await stores.Resolve("s/in.npy").Store.WriteAsync("in.npy", input, WriteCondition.Always, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await azurite.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("out.npy")]
    [InlineData("out.zarr")]
    public async Task Gc_JobPausedForLongerThanItWaits_IsLeftAloneWhileACoordinatorHasIt(string output)
    {
        JobSpecification specification = Plans.Nearest("s/in.npy", "s/" + output, output == "out.npy" ? [2, 12] : [4, 6]);
        JobPlanner planner = new(stores, Options.Create(new CoordinatorOptions { WorkerSlots = 1 }));
        JobPlan plan = (await planner.PlanAsync(specification, Cancelled)).Plan!;
        StoreLocation place = stores.Resolve("s/" + output);
        string mark = JobPaths.SignOfLife(output, plan.Hash);
        Guid id = Guid.NewGuid();
        ScriptedWorker worker = new(plan, place);
        using (JobService service = Make(planner, worker, id))
        using (LifeSigns life = new(service, time))
        {
            await life.StartAsync(Cancelled);
            worker.BeforeEach = run => run.FirstTile == 2
                ? service.OrderAsync(id, new PauseJob { JobId = id }, Cancelled)
                : Task.CompletedTask;
            await service.SubmitAsync(id, specification, Cancelled);
            await Until.TrueAsync(
                () => service.Find(id) is { Paused: true } job && job.Progress.TilesDone == worker.Sent.Count && worker.Sent.Count > 2,
                "the job is paused", Cancelled);
            DateTimeOffset first = await MarkedAsync(place, mark, after: default);
            await NextSecondAsync(place);

            time.Advance(SignOfLife.Period);
            DateTimeOffset marked = await MarkedAsync(place, mark, first);
            // A week after the mark, but a second: all else is older.
            Assert.Equal(1, (await GcAsync(place, marked + Week - TimeSpan.FromSeconds(1))).Recent);
            await life.StopAsync(Cancelled);
            await service.StopAsync(Cancelled);
            time.Advance(SignOfLife.Period);
        }

        // Nobody has the job any more: a week and a second later it is abandoned.
        DateTimeOffset left = (await place.Store.StatAsync(mark, Cancelled))!.LastModified + Week + TimeSpan.FromSeconds(1);
        Assert.Equal(output, Assert.Single((await GcAsync(place, left, dryRun: true)).Removed).Output);

        // Just before, the next coordinator takes it up, as it was left.
        await NextSecondAsync(place);
        long[] sent = [.. worker.Sent];
        worker = new ScriptedWorker(plan, place);
        TaskCompletionSource<bool> mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.BeforeEach = _ => mayGoOn.Task;
        using (JobService service = Make(planner, worker, id))
        using (LifeSigns life = new(service, time))
        {
            await life.StartAsync(Cancelled);
            Assert.True((await service.SubmitAsync(id, specification, Cancelled)).Accepted!.Resumed);
            await MarkedAsync(place, mark, after: left - Week - TimeSpan.FromSeconds(1));
            Assert.Equal(1, (await GcAsync(place, left)).Recent);
            mayGoOn.SetResult(true);
            await Until.TrueAsync(() => service.Find(id)?.State == JobState.Completed, "the job has completed", Cancelled);
            time.Advance(10 * SignOfLife.Period);
            await life.StopAsync(Cancelled);
            await service.StopAsync(Cancelled);
        }

        Assert.Empty(worker.Sent.Intersect(sent));
        Assert.Equal(JobScene.Tiles, worker.Sent.Count + sent.Length);
        List<ObjectInfo> all = await place.Store.ListAsync("", Cancelled).ToListAsync(Cancelled);
        Assert.DoesNotContain(all, info => info.Path.Contains(".upweave/", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 192).Select(index => (float)index), await ReadAsync("s/" + output));
        Assert.DoesNotContain(log.All, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    private JobService Make(JobPlanner planner, ScriptedWorker worker, Guid id)
    {
        JobEnvironment environment = new(stores, worker, Options.Create(new CoordinatorOptions { WindowRuns = 3 }), time, log);
        JobService service = new(planner, environment);
        worker.Answer = async (said, stop) => await service.PostAsync(id, said, stop);
        return service;
    }

    private static Task<GarbageReport> GcAsync(StoreLocation place, DateTimeOffset now, bool dryRun = false) =>
        new GarbageCollector(Week, dryRun).RunAsync(new StoreLocation(DatedStore.Of(place.Store, now), ""), Cancelled);

    /// <summary>Waits until what is written next is later than all that was written before: the service counts in seconds.</summary>
    private static async Task NextSecondAsync(StoreLocation place)
    {
        DateTimeOffset before = await place.Store.GetTimeAsync(Cancelled);
        await UntilAsync(async () => await place.Store.GetTimeAsync(Cancelled), now => now > before + TimeSpan.FromSeconds(2));
    }

    private static async Task<DateTimeOffset> MarkedAsync(StoreLocation place, string mark, DateTimeOffset after) => await UntilAsync(
        async () => (await place.Store.StatAsync(mark, Cancelled))?.LastModified ?? default, at => at > after);

    private static async Task<DateTimeOffset> UntilAsync(Func<Task<DateTimeOffset>> ask, Func<DateTimeOffset, bool> isSo)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            DateTimeOffset at = await ask();
            if (isSo(at))
                return at;
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }

    private async Task<float[]> ReadAsync(string reference)
    {
        await using IArrayReader reader = await ArrayReaders.OpenAsync(stores, reference, identity: null, Cancelled);
        byte[] bytes = new byte[reader.Info.ByteCount];
        await reader.ReadAsync(Box.Whole(reader.Info.Shape), bytes, Cancelled);
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }
}

/// <summary>A store at another time.</summary>
public class DatedStore : DispatchProxy
{
    private IObjectStore inner = null!;
    private DateTimeOffset now;

    public static IObjectStore Of(IObjectStore store, DateTimeOffset now)
    {
        IObjectStore proxy = Create<IObjectStore, DatedStore>();
        ((DatedStore)(object)proxy).inner = store;
        ((DatedStore)(object)proxy).now = now;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(IObjectStore.GetTimeAsync)
        ? new ValueTask<DateTimeOffset>(now)
        : targetMethod.Invoke(inner, args);
}
