using Upweave.Cli.Arrays;
using Upweave.Cli.Hosting;
using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Cli.Tests.Support;
using Upweave.Contracts.Specification;
using Upweave.ServiceDefaults;
using Upweave.Tests.Devices;
using Upweave.Worker.Devices;

namespace Upweave.Cli.Tests;

/// <summary>A job in this process whose device is lost.</summary>
public sealed class DeviceLossTests : IDisposable
{
    private static readonly WorkerBounds Bounds = new(Slots: 1, 1L << 30, DeviceChoice.Auto);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_DeviceIsLost_FailsAndTheSameJobGoesOnFromThere()
    {
        JobSpecification job = new()
        {
            Version = JobSpecification.CurrentVersion,
            Input = folder.WriteArray("x.npy"),
            Output = folder.At("y.npy"),
            Layers = [new LayerSpecification { Preset = "nearest", Scale = [2, 2] }],
            Tile = [1, 8],
        };
        JobOutcome lost = await RunAsync(job, new LosableDevice(calls: 1));
        Assert.StartsWith(LosableDevice.Reason, lost.Failed!.Reason, StringComparison.Ordinal);
        Assert.Contains("run the same command again to go on", lost.Failed.Reason, StringComparison.Ordinal);

        JobOutcome done = await RunAsync(job, new ProcessorDevice());
        Assert.Equal((4, 3), (done.Completed!.Summary.TileCount, done.Completed.Summary.TilesComputed));
        Assert.Null(done.Device);
    }

    private static Task<JobOutcome> RunAsync(JobSpecification job, IComputeDevice device) => JobRunner.RunAsync(
        job, Bounds, ReferenceCatalog.PlainPaths, new PlainProgress(TextWriter.Null), _ => device, TestContext.Current.CancellationToken);
}
