using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Tiling;
using Upweave.Worker.Devices;
using Upweave.Worker.Jobs;
using Upweave.Worker.Pictures;
using Upweave.Worker.Previews;
using Upweave.Worker.Pyramids;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

/// <summary>A worker without a bus on a claimed job: [2,9,7] with weights to [3,18,14] in rows.</summary>
internal sealed class WorkerScene : IAsyncDisposable
{
    private static readonly Dictionary<string, string> NpyTypes = new()
    {
        ["float32"] = "<f4", ["uint8"] = "|u1", ["int16"] = "<i2", ["float16"] = "<f2", ["float64"] = "<f8",
    };

    private readonly TileBufferPool pool;
    private readonly ComputeThreads threads;

    private readonly IComputeDevice device;

    private WorkerScene(JobFolder folder, JobPlan plan, float[] input, float[] weights, IComputeDevice device)
    {
        this.device = device;
        Folder = folder;
        Plan = plan;
        Expected = Oracle.Compute(plan, input, weights, []);
        IOptions<WorkerOptions> options = Options.Create(new WorkerOptions { Name = "w", Slots = 2 });
        pool = new TileBufferPool(options, device);
        threads = new ComputeThreads(options, device);
        Jobs = new JobContexts(folder.Stores, options, device, Log);
        Tiles = new TileService(pool, threads, TimeProvider.System);
        Runs = RunsOf(folder.Stores, Jobs, TimeProvider.System);
    }

    public JobFolder Folder { get; }

    public JobPlan Plan { get; }

    /// <summary>The whole output by the definition.</summary>
    public float[] Expected { get; }

    public JobContexts Jobs { get; }

    public TileService Tiles { get; }

    public TileRunService Runs { get; }

    /// <summary>What the worker tells when its device is lost.</summary>
    public DeviceLoss Loss { get; } = new();

    /// <summary>What it logs of jobs.</summary>
    public LogLines<JobContexts> Log { get; } = new();

    /// <summary>The same with another view of the stores, or another clock.</summary>
    public TileRunService RunsOf(IStoreCatalog stores, JobContexts jobs, TimeProvider time) => new(
        stores, new PlanCache(), jobs, Tiles, new PyramidService(pool, threads, time), new PictureTasks(stores),
        new PreviewService(Options.Create(new WorkerOptions { DrawsPreviews = true }), time, NullLogger<PreviewService>.Instance),
        device, Loss, Options.Create(new WorkerOptions { Name = "w", Slots = 2 }), time, NullLogger<TileRunService>.Instance);

    public Heard Heard { get; } = new();

    public StoreLocation Place => Folder.Stores.Resolve(Plan.Output.Reference);

    public IArrayWriter Writer => ArrayWriters.Create(Place.Store, new PlanGeometry(Plan).WriteLayout(Place.Path));

    /// <param name="device">What the worker computes on; the processor unless given.</param>
    public static Task<WorkerScene> StartAsync(string output = "out.npy", IComputeDevice? device = null, string? dtype = null)
    {
        float[] input = Numbers.Floats(2 * 9 * 7);
        float[] weights = Numbers.Floats(2 * 3 * 4 * 4, seed: 2);
        LayerSpecification layer = new() { Weights = "s/w.npy", Strides = [2, 2], Pads = [1, 1, 1, 1] };
        return StartAsync(
            output,
            folder =>
            {
                folder.WriteNpy("in.npy", [2, 9, 7], input);
                folder.WriteNpy("w.npy", [2, 3, 4, 4], weights);
            },
            layer, dtype, tile: [3, 14], input, weights, device);
    }

    /// <param name="write">Writes in.npy, and what the layer names.</param>
    /// <param name="input">What in.npy says, as float32.</param>
    public static async Task<WorkerScene> StartAsync(
        string output, Action<JobFolder> write, LayerSpecification layer, string? dtype, long[] tile, float[] input, float[] weights,
        IComputeDevice? device = null)
    {
        JobFolder folder = new();
        write(folder);
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Weights("s/in.npy", "s/" + output, layer) with { Tile = tile, Dtype = dtype });
        Assert.True(await PlanStore.ClaimAsync(folder.Place(output), plan, TestContext.Current.CancellationToken));
        return new WorkerScene(folder, plan, input, weights, device ?? new ProcessorDevice());
    }

    public ComputeTiles Message(long first = 0, int count = 6, JobStage stage = JobStage.Compute) => new()
    {
        JobId = Guid.Empty,
        Output = Plan.Output.Reference,
        PlanHash = Plan.Hash,
        Stage = stage,
        FirstTile = first,
        TileCount = count,
        Attempt = 1,
    };

    public Task ConsumeAsync(ComputeTiles message) => Runs.RunAsync(message, Heard, TestContext.Current.CancellationToken);

    /// <summary>Publishes and reads what is there.</summary>
    public async Task<float[]> CommitAsync() =>
        MemoryMarshal.Cast<byte, float>(await CommitAsync("out.npy", [3, 18, 14])).ToArray();

    /// <summary>The same of elements as they are stored.</summary>
    public async Task<byte[]> CommitAsync(string output, Dims shape)
    {
        Assert.True(await Writer.CommitAsync(WriteCondition.IfAbsent, TestContext.Current.CancellationToken));
        return Folder.ReadNpy(output, NpyTypes[Plan.Output.Dtype], shape);
    }

    public async ValueTask DisposeAsync()
    {
        await Jobs.DisposeAsync();
        threads.Dispose();
        pool.Dispose();
        Folder.Dispose();
    }
}
