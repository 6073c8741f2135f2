using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.ServiceDefaults;
using Upweave.Tests.Devices;
using Upweave.Worker;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Workers with a device, and what becomes of a job when one loses it.</summary>
[Collection(ServersCollection.Name)]
public sealed class DeviceLossTests(ServersFixture servers, HeavyJob job) : IClassFixture<HeavyJob>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync()
    {
        deployment = await Deployment.StartAsync(servers, workers: 0);
        foreach (string file in new[] { "x.npy", "w.npy" })
        {
            await deployment.SucceedAsync(folder, $"copy {job.At(file)} data/{file}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>A host of this process, since no device here can be lost; everything else is real.</summary>
    [Fact]
    public async Task Worker_LosesItsDevice_GivesItsTilesBackAndEndsWith3AndOthersEndTheJob()
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        using LosableDevice device = new(calls: 4);
        string[] arguments =
        [
            .. deployment.Settings.Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
            "--urls=http://127.0.0.1:0",
        ];
        Task<int> worker = HostProgram.RunAsync(() => WorkerHost.Create(arguments, _ => device));
        using UpweaveProcess waiting = UpweaveProcess.Start(folder.Root, deployment.WithBoth(
            $"submit {HeavyJob.StoreArguments("data/", "results/y.zarr")} --tile 48 --wait"));
        Assert.Equal(HostProgram.LostDevice, await worker.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
        string first = (await spy.NextAsync()).Worker;
        Assert.Equal(4, spy.Heard.Where(report => report.Worker == first).Sum(report => report.Tiles));

        await deployment.StartWorkerAsync(TestContext.Current.CancellationToken);
        (await waiting.WaitAsync()).AssertSuccess();

        // No attempt has failed. Jobs of other tests may have left messages in the queue, which no claim is left of.
        Guid own = Assert.Single((await deployment.SucceedAsync(folder, "status --json")).Json.GetProperty("jobs").EnumerateArray())
            .GetProperty("job_id").GetGuid();
        Assert.Contains(spy.Heard, report => report.JobId == own);
        Assert.Empty(spy.Heard.Where(report => report.JobId == own && report.Tiles == 0).Select(report => report.Reason));
        Assert.Contains(spy.Heard, report => report.Worker != first);
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, "results/y.zarr"));
    }

    [Fact]
    public async Task Worker_OnADevice_ComputesTheSameBits()
    {
        HostProcess worker = await deployment.StartWorkerAsync(
            TestContext.Current.CancellationToken, new Dictionary<string, string> { ["Upweave__Worker__Device"] = "gpu:0" });
        Assert.Matches(@"Computes on .+ \(gpu:0\): \d+ MiB, \d+ compute units", worker.Log);
        await deployment.SucceedAsync(folder, "submit data/x.npy results/z.npy --preset bicubic --scale 2,2 --wait");
        await folder.SucceedAsync($"run {job.At("x.npy")} z.npy --preset bicubic --scale 2,2 --device cpu");
        Assert.Equal(await folder.HashAsync("z.npy"), await deployment.HashAsync(folder, "results/z.npy"));
        Assert.Matches(@"gpu-\w+ on \S", worker.Log);
        Assert.Equal("""{"status":"Healthy"}""", (await worker.HealthAsync(TestContext.Current.CancellationToken))
            .GetProperty("checks").GetProperty("device").GetRawText());
    }

    /// <summary>An empty folder of drivers: the library is there and offers nothing.</summary>
    [Fact]
    public async Task Worker_WithoutADriver_ComputesOnTheProcessorAndSaysSo()
    {
        string none = Directory.CreateDirectory(folder.At("none")).FullName;
        HostProcess worker = await deployment.StartWorkerAsync(
            TestContext.Current.CancellationToken, new Dictionary<string, string> { ["OCL_ICD_VENDORS"] = none, ["Upweave__Worker__Device"] = "" });
        await deployment.SucceedAsync(folder, "submit data/x.npy results/z.npy --preset nearest --scale 2,2 --wait");
        string line = Assert.Single(worker.Log.Split('\n'), line => line.Contains("Computes on", StringComparison.Ordinal));
        Assert.Contains("Computes on the processor: OpenCL offers no graphics processor here.", line, StringComparison.Ordinal);
    }
}
