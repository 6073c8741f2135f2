using System.Buffers;
using System.Diagnostics;
using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Kernels.Gpu;
using Upweave.Planning;
using Upweave.ServiceDefaults;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Tiling;
using Upweave.Worker.Devices;
using Upweave.Worker.Jobs;

namespace Upweave.Worker.Tests;

/// <summary>Tiles that a device computes: the first that OpenCL offers, which is PoCL where there is no graphics processor.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class DeviceTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("uint8")]
    [InlineData("float64")]
    public async Task Consume_WholeJobOnADevice_EqualsTheDefinition(string? dtype)
    {
        using IComputeDevice device = Open("gpu:0");
        using Witness witness = new(WorkerTelemetry.Name);
        await using WorkerScene scene = await WorkerScene.StartAsync(device: device, dtype: dtype);
        await scene.ConsumeAsync(scene.Message());
        Assert.Equal("done 0+6", scene.Heard.Story);
        ElementType type = new PlanGeometry(scene.Plan).OutputType;
        byte[] expected = new byte[scene.Expected.Length * type.Size()];
        ElementConverter.FromFloat32(scene.Expected, type, expected);
        Assert.Equal(expected, await scene.CommitAsync("out.npy", [3, 18, 14]));

        Assert.Contains(scene.Log.All, line => line.Contains($"gpu-stencil on {device.Name}.", StringComparison.Ordinal));
        Assert.All(witness.Spans("tile"), tile => Assert.Equal(device.Name, tile.GetTagItem(TelemetryNames.Device)));
        Assert.Equal(6, witness.Values(TelemetryNames.TileComputeDuration, $"{TelemetryNames.Device}={device.Name}").Count);
    }

    [Fact]
    public async Task Consume_OnTheProcessor_TelemetrySaysSo()
    {
        using Witness witness = new(WorkerTelemetry.Name);
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await scene.ConsumeAsync(scene.Message());
        Assert.All(witness.Spans("tile"), tile => Assert.Equal("cpu", tile.GetTagItem(TelemetryNames.Device)));
        Assert.Equal(6, witness.Values(TelemetryNames.TileComputeDuration, $"{TelemetryNames.Device}=cpu").Count);
    }

    [Fact]
    public void Allocate_OnADevice_IsPinned()
    {
        using IComputeDevice device = Open("gpu:0");
        using MemoryManager<byte> memory = device.Allocate(1000);
        Assert.IsType<PinnedBuffer>(memory);
        Assert.Equal(1000, memory.Memory.Length);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("auto")]
    public void Open_WithoutAGraphicsProcessor_IsTheProcessor(string choice)
    {
        using IComputeDevice device = Open(choice);
        Assert.True(device.IsProcessor || GpuDevices.List().Any(info => info.IsGpu));
        Assert.False(choice == "cpu" && !device.IsProcessor);
    }

    [Fact]
    public void Open_NoSuchDevice_SaysWhichThereAre()
    {
        SettingsException error = Assert.Throws<SettingsException>(() => Open("gpu:99"));
        Assert.Contains("no device gpu:99", error.Message, StringComparison.Ordinal);
        Assert.All(GpuDevices.List(), info => Assert.Contains($"gpu:{info.Index} {info.Name}", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Consume_DeviceCannotTakeTheLayer_TheProcessorComputesIt()
    {
        using HelplessDevice device = new(takesLayers: false);
        await using WorkerScene scene = await WorkerScene.StartAsync(device: device, dtype: "uint8");
        JobContext job = await scene.Jobs.RentAsync(scene.Plan, scene.Place, TestContext.Current.CancellationToken);
        Assert.Equal("cpu", job.Device);
        await scene.ConsumeAsync(scene.Message());
        Assert.Equal("done 0+6", scene.Heard.Story);
        Assert.Single(scene.Log.All, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Consume_ProcessorHelpsOutWithEachTile_IsToldOnceForTheJob()
    {
        using HelplessDevice device = new(takesLayers: true);
        await using WorkerScene scene = await WorkerScene.StartAsync(device: device);
        await scene.ConsumeAsync(scene.Message());
        Assert.Equal(scene.Expected, await scene.CommitAsync());
        string warning = Assert.Single(scene.Log.All, line => line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Contains("s/out.npy: no room", warning, StringComparison.Ordinal);
    }

    /// <summary>A device computes whole tiles as float32, which the plan has not counted: what it gets is what memory leaves.</summary>
    [Fact]
    public async Task OpenAsync_AnyMemoryThatThePlanTakes_BandsFitIntoIt()
    {
        await using WorkerScene scene = await BandedSceneAsync();
        PlanGeometry geometry = new(scene.Plan);
        Dims tile = geometry.Output.Spatial(geometry.Tiles.Tile);
        WorkerOptions options = new() { Name = "w", Slots = 2 };
        int held = TileFootprint.TilesHeld(options.Slots);
        TileFootprint usual = await FootprintAsync(scene, options, new ProcessorDevice());
        long kept = KernelSelector.PackedBytes(geometry.Layer);

        options.MemoryBytes = (usual.Total * held) + kept + 10_000; // chunks of the input too
        TileFootprint least = await FootprintAsync(scene, options, new HelplessDevice(takesLayers: true));
        Assert.InRange(least.Total, 1, usual.Total);
        Assert.Equal(usual.Output, least.Output);

        options.MemoryBytes += held * (usual.Output + 1000);
        TileFootprint more = await FootprintAsync(scene, options, new HelplessDevice(takesLayers: true));
        Assert.InRange(more.Output, usual.Output + 1, 2 * (usual.Output + 1000));
        Assert.InRange((more.Total * held) + kept, 1, options.MemoryBytes);

        options.MemoryBytes = 2L << 30;
        TileFootprint all = await FootprintAsync(scene, options, new HelplessDevice(takesLayers: true));
        Assert.Equal(sizeof(float) * 3 * tile.Volume, all.Output);
        Assert.Equal(0, all.Workspace);
    }

    private static async Task<TileFootprint> FootprintAsync(WorkerScene scene, WorkerOptions options, IComputeDevice device)
    {
        await using JobContext job = await JobContext.OpenAsync(
            scene.Folder.Stores, options, device, _ => { }, scene.Plan, scene.Place, TestContext.Current.CancellationToken);
        Assert.Equal(job.Footprint.Output, sizeof(float) * 3 * job.Bands.Shape(job.Geometry.Output.Spatial(job.Geometry.Tiles.Tile)).Volume);
        return job.Footprint;
    }

    private static Task<WorkerScene> BandedSceneAsync()
    {
        float[] input = Numbers.Floats(2 * 200 * 1500);
        float[] weights = Numbers.Floats(2 * 3 * 4 * 4, seed: 2);
        return WorkerScene.StartAsync(
            "out.npy",
            folder =>
            {
                folder.WriteNpy("in.npy", [2, 200, 1500], input);
                folder.WriteNpy("w.npy", [2, 3, 4, 4], weights);
            },
            new() { Weights = "s/w.npy", Strides = [2, 2], Pads = [1, 1, 1, 1] }, "uint8", tile: [200, 3000], input, weights);
    }

    private static IComputeDevice Open(string choice) => ComputeDevices.Open(DeviceChoice.Parse(choice)!);
}
