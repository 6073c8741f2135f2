using Upweave.EndToEnd.Tests.Servers;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Broker and store with TLS, by configuration alone: <c>amqps</c> and <c>https</c>, and an authority that the machine is told to trust.</summary>
[Collection(ServersCollection.Name)]
public sealed class TlsTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private readonly ServerCertificate certificate = new();
    private readonly List<HostProcess> hosts = [];
    private RabbitMqServer broker = null!;
    private AzuriteServer azurite = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Task<RabbitMqServer> starting = RabbitMqServer.StartAsync(Cancelled, certificate: certificate);
        azurite = await AzuriteServer.StartAsync(Cancelled, certificate);
        broker = await starting;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HostProcess host in hosts)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(host.Log);
            await host.DisposeAsync();
        }

        await broker.DisposeAsync();
        await azurite.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Job_BrokerAndStoreWithTls_IsDoneByThoseWhoTrustTheAuthority()
    {
        Assert.Equal("amqps", broker.AmqpsUri!.Scheme);
        Assert.Contains("BlobEndpoint=https:", azurite.ConnectionString, StringComparison.Ordinal);
        Start("Coordinator", certificate.Authority);
        Start("Worker", certificate.Authority);
        foreach (HostProcess host in hosts)
        {
            await host.WaitUntilReadyAsync(Cancelled);
        }

        NpyArray input = NpyArray.RandomBytes(1, 16, 16);
        folder.Write("x.npy", input);
        await SucceedAsync($"copy x.npy data/x.npy --store data={Store}");
        await SucceedAsync($"submit data/x.npy data/y.npy --preset nearest --scale 2,2 --wait --broker {broker.AmqpsUri}");
        await SucceedAsync($"copy data/y.npy y.npy --store data={Store}");
        await folder.SucceedAsync("run x.npy local.npy --preset nearest --scale 2,2");
        Assert.Equal(folder.Read("local.npy").Sha256, folder.Read("y.npy").Sha256);
    }

    [Fact]
    public async Task Host_AuthorityIsNotTrusted_DoesNotConnectAndSaysWhy()
    {
        HostProcess host = Start("Worker", authority: null);
        await host.WaitForLogAsync("The broker cannot be used", Cancelled);
        Assert.Contains("certificate", host.Log, StringComparison.OrdinalIgnoreCase);
    }

    private string Store => $"{azurite.ConnectionString.TrimEnd(';')};Container=tls";

    /// <summary>A command that must succeed, by somebody who trusts the authority.</summary>
    private async Task SucceedAsync(string commandLine) => (await UpweaveProcess.RunAsync(
        folder.Root, commandLine, new Dictionary<string, string> { ["SSL_CERT_FILE"] = certificate.Authority })).AssertSuccess();

    private HostProcess Start(string project, string? authority)
    {
        Dictionary<string, string> settings = new()
        {
            ["Upweave__Broker"] = broker.AmqpsUri!.ToString(),
            ["Upweave__Stores__data"] = Store,
            ["Upweave__Worker__Slots"] = "1",
        };
        if (authority is not null)
            settings["SSL_CERT_FILE"] = authority;
        HostProcess host = HostProcess.Start(project, settings);
        hosts.Add(host);
        return host;
    }
}
