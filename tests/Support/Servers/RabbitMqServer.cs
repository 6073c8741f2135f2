using System.Globalization;
using System.Net.Sockets;

namespace Upweave.Tests.Servers;

/// <summary>
/// A RabbitMQ of this run alone: from <c>UPWEAVE_TEST_RABBITMQ</c> (an amqp:// address; nothing is started then), else the
/// machine's own program, else docker. Its data, its ports, its cookie and its epmd are its own, on 127.0.0.1 only.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    public const string Variable = "UPWEAVE_TEST_RABBITMQ";

    private static readonly string[] Images = ["rabbitmq:4", "rabbitmq:4-management"];
    private const int ImagePort = 5672;
    private const string ContainerUser = "upweave";

    /// <summary>Where the scripts themselves are: Debian's commands of the PATH insist on root or a user of their own.</summary>
    private static readonly string[] Folders =
        ["/usr/lib/rabbitmq/lib", "/opt/rabbitmq", "/opt/homebrew/opt/rabbitmq", "/usr/local/opt/rabbitmq"];

    private readonly List<ServerProcess> processes = [];
    private ServerCommand? node;

    private RabbitMqServer(Uri amqpUri) => AmqpUri = amqpUri;

    /// <summary>The broker with its user and password.</summary>
    public Uri AmqpUri { get; }

    /// <summary>The same with TLS; null when it was started without a certificate.</summary>
    public Uri? AmqpsUri { get; private set; }

    /// <summary>The data folders of what was started here; none if nothing was.</summary>
    internal IEnumerable<string> DataFolders => processes.Select(process => process.Folder);

    /// <exception cref="InvalidOperationException">None can be had, or it did not start; the message says what was tried.</exception>
    /// <param name="password">Of the broker's user; null for whatever is usual.</param>
    /// <param name="certificate">With which it speaks TLS, on <see cref="AmqpsUri"/> as well.</param>
    public static async Task<RabbitMqServer> StartAsync(
        CancellationToken cancellationToken, string? password = null, ServerCertificate? certificate = null)
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(given))
            return new RabbitMqServer(new Uri(given));

        int port = FreePort.Next();
        string? program = Program();
        // The broker lets its own guest in from its own loopback only, which a container's port is not.
        string user = program is null ? ContainerUser : "guest";
        password ??= user;
        RabbitMqServer server = new(new Uri(string.Create(CultureInfo.InvariantCulture, $"amqp://{user}:{password}@127.0.0.1:{port}/")));
        try
        {
            if (program is null)
                await server.StartContainerAsync(port, password, cancellationToken);
            else
                await server.StartProgramAsync(program, port, password, certificate, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the broker without a warning and starts it again on the same port.</summary>
    /// <param name="isEmpty">What it had stored is gone: as if its disk were.</param>
    /// <exception cref="InvalidOperationException">It was not started here as a program.</exception>
    public async Task RestartAsync(bool isEmpty, CancellationToken cancellationToken)
    {
        if (node is null)
        {
            throw new InvalidOperationException(
                $"This broker cannot be restarted. hint: unset {Variable} and install rabbitmq-server, by which tests start their own");
        }

        ServerProcess killed = processes[^1];
        await killed.KillAsync(cancellationToken);
        processes.RemoveAt(processes.Count - 1);
        if (isEmpty)
            Directory.Delete(Path.Combine(killed.Folder, "data"), recursive: true);
        await StartAsync(node, killed.Folder, AmqpUri.Port, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // The last one first: a node without its epmd complains.
        foreach (ServerProcess process in Enumerable.Reverse(processes))
        {
            await process.DisposeAsync();
        }

        processes.Clear();
    }

    private static string? Program() => Folders.Where(Directory.Exists)
        .SelectMany(folder => Directory.GetDirectories(folder, "rabbitmq_server-*").Order(StringComparer.Ordinal).Reverse().Append(folder))
        .Select(folder => Path.Combine(folder, "sbin", "rabbitmq-server"))
        .FirstOrDefault(File.Exists);

    /// <summary>
    /// The node and its name service. RabbitMQ would start epmd itself, as a daemon that nobody stops; it uses one that is there.
    /// </summary>
    private async Task StartProgramAsync(
        string program, int port, string password, ServerCertificate? certificate, CancellationToken cancellationToken)
    {
        int epmdPort = FreePort.Next();
        ServerCommand epmd = new()
        {
            Name = "epmd",
            Program = Epmd(),
            Arguments = ["-port", epmdPort.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1"],
        };
        ServerProcess nameService = ServerProcess.Start(epmd, ServerProcess.NewFolder());
        processes.Add(nameService);
        await nameService.WaitAsync(token => AcceptsAsync(epmdPort, token), cancellationToken);

        string folder = ServerProcess.NewFolder();
        string settings = $"default_pass = {password}\n";
        if (certificate is not null)
        {
            int tlsPort = FreePort.Next();
            AmqpsUri = new UriBuilder(AmqpUri) { Scheme = "amqps", Host = "localhost", Port = tlsPort }.Uri;
            settings += $"""
                listeners.ssl.1 = 127.0.0.1:{tlsPort}
                ssl_options.cacertfile = {certificate.Authority}
                ssl_options.certfile = {certificate.Certificate}
                ssl_options.keyfile = {certificate.Key}

                """;
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "rabbitmq.conf"), settings, cancellationToken);
        node = new ServerCommand
        {
            Name = "RabbitMQ",
            Program = program,
            Arguments = [],
            Environment = RabbitMqEnvironment.Create(folder, port, FreePort.Next(), epmdPort),
        };
        await StartAsync(node, folder, port, cancellationToken);
    }

    private async Task StartContainerAsync(int port, string password, CancellationToken cancellationToken)
    {
        List<string> tried = [];
        string? image = await Docker.FindImageAsync(Images, tried, cancellationToken);
        if (image is null)
        {
            throw new InvalidOperationException(
                $"No RabbitMQ for the tests. Tried {Variable}: not set; the program: none under {string.Join(", ", Folders)}; "
                + $"{string.Join("; ", tried)}. hint: install rabbitmq-server (on Debian or Ubuntu: apt-get install rabbitmq-server), "
                + $"or start docker, or set {Variable} to the amqp:// address of a broker that runs.");
        }

        string[] options = ["-e", $"RABBITMQ_DEFAULT_USER={ContainerUser}", "-e", $"RABBITMQ_DEFAULT_PASS={password}"];
        await StartAsync(Docker.Container(image, port, ImagePort, options, []), ServerProcess.NewFolder(), port, cancellationToken);
    }

    private async Task StartAsync(ServerCommand command, string folder, int port, CancellationToken cancellationToken)
    {
        ServerProcess process = ServerProcess.Start(command, folder);
        processes.Add(process);
        await process.WaitAsync(token => SpeaksAmqpAsync(port, token), cancellationToken);
    }

    /// <summary>The program of the PATH, or the one that only Erlang's own folder has.</summary>
    private static string Epmd() => OnPath.Find("epmd") ?? throw new InvalidOperationException(
        "RabbitMQ is there, but no epmd on the PATH. hint: install Erlang as the packages do (Debian: erlang-base).");

    private static async Task<bool> AcceptsAsync(int port, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", port, cancellationToken);
        return true;
    }

    /// <summary>The broker opens its port last of all; whoever greets in AMQP 0-9-1 gets a frame of type 1 (a method) back.</summary>
    private static async Task<bool> SpeaksAmqpAsync(int port, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", port, cancellationToken);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(new byte[] { (byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1 }, cancellationToken);
        byte[] start = new byte[1];
        await stream.ReadExactlyAsync(start, cancellationToken);
        return start[0] == 1;
    }
}
