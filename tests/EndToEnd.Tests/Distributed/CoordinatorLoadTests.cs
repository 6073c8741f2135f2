using System.Text.RegularExpressions;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>The coordinator's memory and traffic stay small however large the output is: it plans, tracks and publishes, no more.</summary>
[Collection(ServersCollection.Name)]
public sealed partial class CoordinatorLoadTests(ServersFixture servers) : IAsyncLifetime
{
    private const long OutputBytes = 4L << 30;
    private const long MemoryMax = 250L << 20;

    /// <summary>Metadata of both arrays, the plan, and a listing of 1,024 chunks or blocks now and then: below a thousandth of the output.</summary>
    private const long TrafficMax = OutputBytes / 1024;

    private readonly TestFolder folder = new();
    private CountingProxy proxy = null!;
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync()
    {
        string azurite = (await servers.AzuriteAsync().WaitAsync(TestContext.Current.CancellationToken)).ConnectionString;
        int port = int.Parse(PortPattern().Match(azurite).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        proxy = new CountingProxy(port);
        deployment = await Deployment.StartAsync(
            servers, workers: 2, ofCoordinator: store => PortPattern().Replace(store, $":{proxy.Port}/"));
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        await proxy.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>The array is plain, so that it is small on the blob service's disk; the coordinator could not know.</summary>
    [Fact]
    public async Task Submit_OutputOf4GiB_CostsTheCoordinatorNextToNothing()
    {
        folder.Write("x.npy", NpyArray.UInt8([1, 4096, 4096], new byte[1 << 24]));
        await deployment.SucceedAsync(folder, "copy x.npy data/x.npy");
        await deployment.SucceedAsync(folder, "submit data/x.npy results/y.zarr --preset nearest --scale 16,16 --wait");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{deployment.Coordinator.PeakMemory:N0} bytes of memory; {proxy.Received:N0} bytes from the store, {proxy.Sent:N0} to it");
        Assert.InRange(deployment.Coordinator.PeakMemory, 1, MemoryMax);
        Assert.InRange(proxy.Received, 1, TrafficMax);
        Assert.InRange(proxy.Sent, 1, TrafficMax);
        UpweaveResult output = await deployment.SucceedAsync(folder, "inspect results/y.zarr --json");
        Assert.Contains("65536", output.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@":(\d+)/")]
    private static partial Regex PortPattern();
}
