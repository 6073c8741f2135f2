using System.Text.RegularExpressions;
using Upweave.EndToEnd.Tests.Distributed;
using Upweave.Storage.Stores;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Chaos;

/// <summary>
/// Two coordinators and workers, each kind with a proxy of its own before the broker and the blob service, so that a network can be cut.
/// Everything is on the loopback address, and ends with this.
/// </summary>
internal sealed partial class ChaosFleet : IAsyncDisposable
{
    public const int Coordinators = 2;
    public const int Workers = 3;
    private const string Lock = "data/coordinator.lock";

    private readonly HostProcess?[] hosts = new HostProcess?[Coordinators + Workers];
    private readonly Dictionary<string, string> stores;
    private readonly string azurite;

    private ChaosFleet(RabbitMqServer broker, string azurite)
    {
        Broker = broker;
        this.azurite = azurite;
        stores = new[] { "data", "results" }.ToDictionary(store => store, store => $"{azurite.TrimEnd(';')};Container={Prefix}-{store}");
        Stores = new StoreCatalog(stores);
        int blobs = int.Parse(PortPattern().Match(azurite).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        CoordinatorBroker = new CountingProxy(broker.AmqpUri.Port);
        WorkerBroker = new CountingProxy(broker.AmqpUri.Port);
        CoordinatorStore = new CountingProxy(blobs);
        WorkerStore = new CountingProxy(blobs);
    }

    public RabbitMqServer Broker { get; }

    /// <summary>The stores past all proxies.</summary>
    public StoreCatalog Stores { get; }

    public string Prefix { get; } = $"c{Guid.NewGuid():N}"[..12];

    public CountingProxy CoordinatorBroker { get; }

    public CountingProxy WorkerBroker { get; }

    public CountingProxy CoordinatorStore { get; }

    public CountingProxy WorkerStore { get; }

    /// <summary>Azurite's connection string.</summary>
    public string Azurite => azurite;

    /// <summary>What all processes have said, those that were killed included; the last of each only.</summary>
    public List<string> Logs { get; } = [];

    public static async Task<ChaosFleet> StartAsync(CancellationToken cancellationToken)
    {
        RabbitMqServer broker = await RabbitMqServer.StartAsync(cancellationToken);
        AzuriteServer server = await AzuriteServer.StartAsync(cancellationToken);
        ChaosFleet fleet = new(broker, server.ConnectionString) { Server = server };
        for (int host = 0; host < fleet.hosts.Length; host++)
        {
            fleet.Start(host);
        }

        foreach (HostProcess? host in fleet.hosts)
        {
            await host!.WaitUntilReadyAsync(cancellationToken);
        }

        return fleet;
    }

    private AzuriteServer? Server { get; init; }

    /// <summary>A process by its number, coordinators first; null when it is being started anew.</summary>
    public HostProcess? this[int host] => hosts[host];

    public static bool IsCoordinator(int host) => host < Coordinators;

    /// <summary>SIGKILL, and a new process in its place.</summary>
    public async Task ReplaceAsync(int host, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref hosts[host], null) is not { } old)
            return; // it is being started anew
        await old.KillAsync(cancellationToken);
        await EndAsync(host, old);
        Start(host);
    }

    /// <summary>Starts whatever has ended: what a supervisor does.</summary>
    public async Task ReviveAsync()
    {
        for (int host = 0; host < hosts.Length; host++)
        {
            if (hosts[host] is not { HasExited: true } ended || Interlocked.CompareExchange(ref hosts[host], null, ended) != ended)
                continue;
            await EndAsync(host, ended);
            Start(host);
        }
    }

    /// <summary>SIGTERM to all, and their ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(hosts.OfType<HostProcess>().Where(host => !host.HasExited).Select(host => host.TerminateAsync(cancellationToken)));
    }

    public async ValueTask DisposeAsync()
    {
        for (int host = 0; host < hosts.Length; host++)
        {
            if (Interlocked.Exchange(ref hosts[host], null) is { } last)
                await EndAsync(host, last);
        }

        foreach (CountingProxy proxy in new[] { CoordinatorBroker, WorkerBroker, CoordinatorStore, WorkerStore })
        {
            await proxy.DisposeAsync();
        }

        await Broker.DisposeAsync();
        if (Server is not null)
            await Server.DisposeAsync();
    }

    private async Task EndAsync(int host, HostProcess old)
    {
        await old.DisposeAsync();
        lock (Logs)
        {
            Logs.Add($"--- {(IsCoordinator(host) ? "coordinator" : "worker")} {host}\n{old.Log}");
        }
    }

    private void Start(int host)
    {
        bool isCoordinator = IsCoordinator(host);
        CountingProxy broker = isCoordinator ? CoordinatorBroker : WorkerBroker;
        CountingProxy blobs = isCoordinator ? CoordinatorStore : WorkerStore;
        Dictionary<string, string> settings = new()
        {
            ["Upweave__Broker"] = new UriBuilder(Broker.AmqpUri) { Port = broker.Port }.Uri.ToString(),
            ["Upweave__Worker__Slots"] = "1",
        };
        foreach ((string name, string address) in stores)
        {
            settings[$"Upweave__Stores__{name}"] = PortPattern().Replace(address, $":{blobs.Port}/");
        }

        if (isCoordinator)
            settings["Upweave__Coordinator__Lock"] = Lock;
        hosts[host] = HostProcess.Start(isCoordinator ? "Coordinator" : "Worker", settings);
    }

    [GeneratedRegex(@":(\d+)/")]
    private static partial Regex PortPattern();
}
