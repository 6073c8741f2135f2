using Microsoft.Extensions.Configuration;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.ServiceDefaults;

/// <summary>
/// What hosts and clients read from the section <c>Upweave</c> of their configuration: <c>appsettings.json</c>, then environment
/// variables such as <c>Upweave__Broker</c>.
/// </summary>
public sealed class HostSettings
{
    public const string Section = "Upweave";

    /// <summary>The most slots of a worker.</summary>
    public const int SlotsMax = 1024;

    /// <summary>The fewest characters of a token: fewer could be guessed.</summary>
    public const int TokenLengthMin = 16;

    /// <summary>The most characters of a token.</summary>
    public const int TokenLengthMax = 1024;

    private HostSettings(
        Uri broker, IReadOnlyDictionary<string, string> stores, int workerSlots, long workerMemoryBytes, DeviceChoice workerDevice,
        string? coordinatorLock, string? coordinatorToken)
    {
        CoordinatorToken = coordinatorToken;
        CoordinatorLock = coordinatorLock;
        Broker = broker;
        Stores = stores;
        WorkerSlots = workerSlots;
        WorkerMemoryBytes = workerMemoryBytes;
        WorkerDevice = workerDevice;
    }

    /// <summary>Where RabbitMQ is: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps</c>.</summary>
    public Uri Broker { get; }

    /// <summary>What each store is, by its name; see <see cref="StoreCatalog"/>.</summary>
    public IReadOnlyDictionary<string, string> Stores { get; }

    /// <summary>Tiles that a worker computes at the same time. Default: one for each core.</summary>
    public int WorkerSlots { get; }

    /// <summary>Memory of a worker for tiles and weights. Default: 2 GiB. The coordinator plans for workers of this size.</summary>
    public long WorkerMemoryBytes { get; }

    /// <summary>What a worker computes on. Default: <see cref="DeviceChoice.Auto"/>.</summary>
    public DeviceChoice WorkerDevice { get; }

    /// <summary>
    /// <c>store/path</c> of the object whose lease decides which of several coordinators is active; null for a single one.
    /// </summary>
    public string? CoordinatorLock { get; }

    /// <summary>
    /// What those must show who use the coordinator's HTTP API; null where none is configured: it is for its own machine only then.
    /// </summary>
    public string? CoordinatorToken { get; }

    /// <exception cref="SettingsException">A value is missing or cannot be read; the message says all that is wrong.</exception>
    public static HostSettings Read(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(Section);
        List<string> faults = [];
        Uri broker = ReadBroker(section["Broker"], faults);
        Dictionary<string, string> stores = section.GetSection("Stores").GetChildren()
            .Where(store => !string.IsNullOrWhiteSpace(store.Value)).ToDictionary(store => store.Key, store => store.Value!);
        if (stores.Count == 0)
            faults.Add($"{Section}:Stores is empty. hint: name at least one, e.g. {Section}__Stores__data=/srv/data");
        int slots = ReadSlots(section["Worker:Slots"], faults);
        long memory = ReadMemory(section["Worker:Memory"], faults);
        DeviceChoice device = ReadDevice(section["Worker:Device"], faults);
        string? coordinatorLock = ReadLock(section["Coordinator:Lock"], stores, faults);
        string? coordinatorToken = ReadToken(section["Coordinator:Token"], faults);
        return faults.Count == 0
            ? new HostSettings(broker, stores, slots, memory, device, coordinatorLock, coordinatorToken)
            : throw new SettingsException(string.Join(Environment.NewLine, faults));
    }

    /// <summary>Opens the stores; nothing is sent to them yet.</summary>
    /// <exception cref="SettingsException">What a store is cannot be read.</exception>
    public StoreCatalog OpenStores()
    {
        try
        {
            return new StoreCatalog(Stores);
        }
        catch (Exception error) when (error is InvalidArrayException or ArgumentException)
        {
            string hint = error is InvalidArrayException { Hint: string text } ? $" hint: {text}" : "";
            throw new SettingsException($"{Section}:Stores: {error.Message}{hint}");
        }
    }

    private static Uri ReadBroker(string? text, List<string> faults)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? broker) && broker.Scheme is "amqp" or "amqps" or "rabbitmq")
            return broker;

        // The value is not repeated: it may hold a password.
        faults.Add($"{Section}:Broker is not an address. hint: {Section}__Broker=amqp://guest:guest@localhost:5672/");
        return new Uri("amqp://localhost");
    }

    private static int ReadSlots(string? text, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Math.Min(Environment.ProcessorCount, SlotsMax);
        if (!int.TryParse(text, out int slots) || slots is < 1 or > SlotsMax)
            faults.Add($"{Section}:Worker:Slots is '{text}' instead of a number from 1 to {SlotsMax}. hint: leave it out for one per core");
        return slots;
    }

    private static string? ReadLock(string? text, Dictionary<string, string> stores, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        string[] parts = text.Split('/', 2);
        if (parts.Length < 2 || parts[1].Length == 0 || !stores.ContainsKey(parts[0]))
        {
            faults.Add($"{Section}:Coordinator:Lock is '{text}' instead of store/path with a store of {Section}:Stores. "
                + $"hint: {Section}__Coordinator__Lock={stores.Keys.FirstOrDefault() ?? "data"}/coordinator.lock");
        }

        return text;
    }

    private static string? ReadToken(string? text, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;

        // The value is not repeated: it is a password.
        if (text.Length is < TokenLengthMin or > TokenLengthMax || text.Any(letter => letter is <= ' ' or > '~'))
        {
            faults.Add($"{Section}:Coordinator:Token is not {TokenLengthMin} to {TokenLengthMax} visible ASCII characters. "
                + "hint: make one with: openssl rand -hex 24");
        }

        return text;
    }

    private static long ReadMemory(string? text, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
            return 2L << 30;
        if (ByteSize.Parse(text) is { } bytes)
            return bytes;
        faults.Add($"{Section}:Worker:Memory is '{text}' instead of {ByteSize.Expected}.");
        return 0;
    }

    private static DeviceChoice ReadDevice(string? text, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
            return DeviceChoice.Auto;
        if (DeviceChoice.Parse(text) is { } choice)
            return choice;
        faults.Add($"{Section}:Worker:Device is '{text}' instead of {DeviceChoice.Expected}.");
        return DeviceChoice.Auto;
    }
}
