using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>
/// A coordinator and workers on the servers of the tests, with the blob containers <c>data</c> and <c>results</c> of its own. Worker
/// processes have one slot each, on the processor, so that work is shared also on a small machine, and takes its time on any.
/// </summary>
public sealed class Deployment : IAsyncDisposable
{
    private readonly Dictionary<string, string> settings;
    private readonly List<HostProcess> hosts = [];

    /// <summary>What a coordinator says when it has taken over.</summary>
    public const string IsActive = "This coordinator is the active one";

    private Deployment(Uri broker, string azurite, string prefix, string? coordinatorLock)
    {
        Broker = broker;
        Azurite = azurite;
        Prefix = prefix;
        settings = new Dictionary<string, string>
        {
            ["Upweave__Broker"] = Broker.ToString(),
            ["Upweave__Stores__data"] = StoreOf("data"),
            ["Upweave__Stores__results"] = StoreOf("results"),
            ["Upweave__Worker__Slots"] = "1",
            ["Upweave__Worker__Device"] = "cpu",
        };
        if (coordinatorLock is not null)
            settings["Upweave__Coordinator__Lock"] = coordinatorLock;
    }

    public Uri Broker { get; }

    private Func<string, string> WorkerStores { get; init; } = store => store;

    /// <summary>All processes, those that have ended included.</summary>
    public IReadOnlyList<HostProcess> Hosts => hosts;

    /// <summary>Azurite's connection string.</summary>
    public string Azurite { get; }

    /// <summary>What the names of this deployment's containers begin with.</summary>
    public string Prefix { get; }

    public HostProcess Coordinator { get; private set; } = null!;

    /// <summary>The second coordinator, which stands by at the start; null where there is one only.</summary>
    public HostProcess? Standby { get; private set; }

    /// <summary>What a command needs to reach the stores.</summary>
    public string Stores => $"--store data={StoreOf("data")} --store results={StoreOf("results")}";

    /// <summary>Starts the coordinator and workers, and waits until all are ready.</summary>
    /// <param name="ofCoordinator">Turns a store's configuration into what the coordinator is told.</param>
    /// <param name="coordinatorLock">The lock of two coordinators; null for a single one.</param>
    /// <param name="ofWorkers">As <paramref name="ofCoordinator"/>, for workers.</param>
    /// <param name="broker">Another broker than that of all tests.</param>
    /// <param name="more">Settings of all hosts.</param>
    /// <param name="firstBroker">How the first coordinator reaches the broker; null: as all do.</param>
    /// <param name="isReady">Whether all hosts will be; else they are waited for until they have started.</param>
    public static async Task<Deployment> StartAsync(
        ServersFixture servers, int workers, Func<string, string>? ofCoordinator = null, string? coordinatorLock = null,
        Func<string, string>? ofWorkers = null, Uri? broker = null, IReadOnlyDictionary<string, string>? more = null,
        bool isReady = true, Uri? firstBroker = null)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        AzuriteServer azurite = await servers.AzuriteAsync().WaitAsync(cancellationToken);
        Deployment deployment = new(
            broker ?? (await servers.RabbitMqAsync().WaitAsync(cancellationToken)).AmqpUri, azurite.ConnectionString,
            $"t{Guid.NewGuid():N}"[..12], coordinatorLock) { WorkerStores = ofWorkers ?? (store => store) };
        foreach ((string name, string value) in more ?? new Dictionary<string, string>())
        {
            deployment.settings[name] = value;
        }

        try
        {
            deployment.Coordinator = deployment.Start(
                "Coordinator", ofCoordinator ?? (store => store),
                firstBroker is null ? null : new Dictionary<string, string> { ["Upweave__Broker"] = firstBroker.ToString() });
            if (coordinatorLock is not null)
            {
                await deployment.Coordinator.WaitForLogAsync(IsActive, cancellationToken);
                deployment.Standby = deployment.Start("Coordinator", store => store);
            }

            for (int worker = 0; worker < workers; worker++)
            {
                deployment.Start("Worker", deployment.WorkerStores);
            }

            foreach (HostProcess host in deployment.hosts)
            {
                if (isReady)
                    await host.WaitUntilReadyAsync(cancellationToken);
                else
                    await host.WaitForLogAsync("Application started", cancellationToken);
            }
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }

        return deployment;
    }

    /// <summary>What a host of this deployment is told, e.g. <c>Upweave__Broker</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings => settings;

    /// <summary>Starts one more worker and waits until it is ready.</summary>
    /// <param name="more">Environment variables beside, or instead of, those of all hosts.</param>
    public async Task<HostProcess> StartWorkerAsync(
        CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? more = null)
    {
        HostProcess worker = Start("Worker", WorkerStores, more);
        await worker.WaitUntilReadyAsync(cancellationToken);
        return worker;
    }

    /// <summary>Kills the coordinator with SIGKILL and starts another one in its place, with more settings if there are any.</summary>
    public async Task RestartCoordinatorAsync(CancellationToken cancellationToken, params (string Name, string Value)[] more)
    {
        await Coordinator.KillAsync(cancellationToken);
        Dictionary<string, string> all = new(settings);
        Array.ForEach(more, setting => all[setting.Name] = setting.Value);
        Coordinator = HostProcess.Start("Coordinator", all, Coordinator.Address);
        hosts.Add(Coordinator);
        await Coordinator.WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Stops all workers in good order.</summary>
    public async Task StopWorkersAsync(CancellationToken cancellationToken)
    {
        foreach (HostProcess host in hosts.Where(host => host != Coordinator && host != Standby && !host.HasExited))
        {
            await host.TerminateAsync(cancellationToken);
        }
    }

    /// <summary>Starts one more coordinator, which waits for its turn.</summary>
    public HostProcess StartCoordinator() => Start("Coordinator", store => store);

    /// <summary>The worker that reports call by this name, which ends with its process id.</summary>
    public HostProcess Worker(string name) => hosts.Single(host => name.EndsWith($"-{host.Id}", StringComparison.Ordinal));

    /// <summary>A store as the configuration says it.</summary>
    public string StoreOf(string name) => $"{Azurite.TrimEnd(';')};Container={Prefix}-{name}";

    /// <summary>Runs a command that must succeed, in a folder, with the broker or the stores it needs.</summary>
    public Task<UpweaveResult> SucceedAsync(TestFolder folder, string commandLine) => folder.SucceedAsync(WithBoth(commandLine));

    /// <summary>The same for one that may fail.</summary>
    public Task<UpweaveResult> RunAsync(TestFolder folder, string commandLine) => folder.RunAsync(WithBoth(commandLine));

    /// <summary>The command line with what it needs of this deployment.</summary>
    public string WithBoth(string commandLine) => commandLine.Split(' ')[0] switch
    {
        "submit" or "status" or "watch" or "cancel" or "retry" or "pause" or "resume" => $"{commandLine} --broker {Broker}",
        _ => $"{commandLine} {Stores}",
    };

    /// <summary>The hash of an array's elements in a store.</summary>
    public async Task<string> HashAsync(TestFolder folder, string reference) =>
        (await SucceedAsync(folder, $"inspect {reference} --hash --json")).Json.GetProperty("sha256").GetString()!;

    public async ValueTask DisposeAsync()
    {
        foreach (HostProcess host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    private HostProcess Start(string project, Func<string, string> storeOf, IReadOnlyDictionary<string, string>? more = null)
    {
        Dictionary<string, string> all = new(settings);
        foreach ((string name, string value) in more ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        HostProcess host = HostProcess.Start(project, all.ToDictionary(
            setting => setting.Key, setting => setting.Key.Contains("Stores", StringComparison.Ordinal) ? storeOf(setting.Value) : setting.Value));
        hosts.Add(host);
        return host;
    }
}
