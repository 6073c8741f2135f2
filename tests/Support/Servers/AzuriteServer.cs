using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Upweave.Tests.Servers;

/// <summary>
/// Azurite's blob service, of this run alone: from <c>UPWEAVE_TEST_AZURITE</c> (a connection string; nothing is started then),
/// else <c>tests/servers/node_modules</c> run by node, else docker.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    public const string Variable = "UPWEAVE_TEST_AZURITE";

    private const string Image = "mcr.microsoft.com/azure-storage/azurite:3.35.0";
    private const int ImagePort = 10000;

    private const string Account = "devstoreaccount1";

    /// <summary>The key that Azurite publishes for its account; no secret.</summary>
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly ServerProcess? process;

    private AzuriteServer(string connectionString, ServerProcess? process)
    {
        ConnectionString = connectionString;
        this.process = process;
    }

    /// <summary>For the Azure SDK; the account is the emulator's.</summary>
    public string ConnectionString { get; }

    /// <exception cref="InvalidOperationException">None can be had, or it did not start; the message says what was tried.</exception>
    /// <param name="certificate">With which it speaks TLS, and nothing else.</param>
    public static async Task<AzuriteServer> StartAsync(CancellationToken cancellationToken, ServerCertificate? certificate = null)
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(given))
            return new AzuriteServer(given, null);

        int port = FreePort.Next();
        string folder = ServerProcess.NewFolder();
        ServerCommand command;
        try
        {
            command = await CommandAsync(port, folder, certificate, cancellationToken);
        }
        catch
        {
            Directory.Delete(folder);
            throw;
        }

        ServerProcess process = ServerProcess.Start(command, folder);
        try
        {
            await process.WaitAsync(token => AnswersAsync(port, isHttp: certificate is null, token), cancellationToken);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        string scheme = certificate is null ? "http" : "https";
        string endpoint = string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{port}/{Account}");
        return new AzuriteServer(
            $"DefaultEndpointsProtocol={scheme};AccountName={Account};AccountKey={Key};BlobEndpoint={endpoint};", process);
    }

    public ValueTask DisposeAsync() => process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<ServerCommand> CommandAsync(
        int port, string folder, ServerCertificate? certificate, CancellationToken cancellationToken)
    {
        List<string> tried = [];
        string program = ServersFolder.File("node_modules/azurite/dist/src/blob/main.js");
        string? node = OnPath.Find("node");
        // It refuses API versions that are newer than itself unless told not to look.
        string[] common = ["--silent", "--skipApiVersionCheck", "--disableTelemetry"];
        if (node is not null && File.Exists(program))
        {
            return new ServerCommand
            {
                Name = "Azurite",
                Program = node,
                Arguments =
                [
                    program, "--blobHost", "127.0.0.1", "--blobPort", port.ToString(CultureInfo.InvariantCulture),
                    "--location", Path.Combine(folder, "data"), .. common,
                    .. certificate is null ? Array.Empty<string>() : ["--cert", certificate.Certificate, "--key", certificate.Key],
                ],
            };
        }

        tried.Add(node is null ? "node: not on the PATH" : $"npm's azurite: no {program}");
        string? image = await Docker.FindImageAsync([Image], tried, cancellationToken);
        if (image is null)
        {
            throw new InvalidOperationException(
                $"No Azurite for the tests. Tried {Variable}: not set; {string.Join("; ", tried)}. "
                + "hint: install node and npm and run tests/install-servers, or start docker, "
                + $"or set {Variable} to the connection string of an Azurite that runs.");
        }

        return Docker.Container(
            image, port, ImagePort, [], ["azurite", "--blobHost", "0.0.0.0", "--location", "/data", .. common]);
    }

    private static async Task<bool> AnswersAsync(int port, bool isHttp, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", port, cancellationToken);
        if (!isHttp)
            return true;
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), cancellationToken);
        byte[] start = new byte[5];
        await stream.ReadExactlyAsync(start, cancellationToken);
        return Encoding.ASCII.GetString(start) == "HTTP/";
    }
}
