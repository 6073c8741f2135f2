using System.Globalization;
using System.Text.Json;

namespace Upweave.Tests.Servers;

/// <summary>A Prometheus of this run alone that scrapes one target: the machine's own program, else docker.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const string Image = "prom/prometheus:v3.5.0";
    private const int ImagePort = 9090;

    private readonly ServerProcess process;
    private readonly HttpClient client;

    private PrometheusServer(ServerProcess process, Uri address)
    {
        this.process = process;
        client = new HttpClient { BaseAddress = address };
    }

    /// <exception cref="InvalidOperationException">None can be had, or it did not start; the message says what was tried.</exception>
    /// <param name="target">Host and port that have <c>/metrics</c>.</param>
    public static async Task<PrometheusServer> StartAsync(string target, CancellationToken cancellationToken)
    {
        int port = FreePort.Next();
        string folder = ServerProcess.NewFolder();
        ServerProcess process;
        try
        {
            string configuration = $$"""
                global: { scrape_interval: 500ms, scrape_timeout: 500ms }
                scrape_configs: [{ job_name: hosts, honor_labels: true, static_configs: [{ targets: ["{{target}}"] }] }]
                """;
            await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), configuration, cancellationToken);
            process = ServerProcess.Start(await CommandAsync(port, folder, cancellationToken), folder);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }

        PrometheusServer server = new(process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
        try
        {
            await process.WaitAsync(server.IsReadyAsync, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The values of a query now, those that are no number left out.</summary>
    /// <exception cref="InvalidOperationException">It is no query; the message says why.</exception>
    public async Task<IReadOnlyList<double>> QueryAsync(string expression, CancellationToken cancellationToken)
    {
        using FormUrlEncodedContent form = new([new("query", expression)]);
        using HttpResponseMessage answer = await client.PostAsync("api/v1/query", form, cancellationToken);
        JsonElement json = JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{json.GetProperty("error").GetString()} in {expression}");
        return
        [
            .. json.GetProperty("data").GetProperty("result").EnumerateArray()
                .Select(series => double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))
                .Where(value => !double.IsNaN(value)),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await process.DisposeAsync();
    }

    private static async Task<ServerCommand> CommandAsync(int port, string folder, CancellationToken cancellationToken)
    {
        if (OnPath.Find("prometheus") is { } program)
        {
            return new ServerCommand
            {
                Name = "Prometheus",
                Program = program,
                Arguments =
                [
                    $"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data",
                    string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"),
                ],
            };
        }

        List<string> tried = ["prometheus: not on the PATH"];
        if (await Docker.FindImageAsync([Image], tried, cancellationToken) is not { } image)
        {
            throw new InvalidOperationException(
                $"No Prometheus for the tests. Tried {string.Join("; ", tried)}. hint: run tests/install-servers, or start docker");
        }

        // It asks a port of this machine, so it is in this machine's network.
        return Docker.Container(
            image, port, ImagePort, ["--network", "host", "--volume", $"{folder}/prometheus.yml:/etc/prometheus/prometheus.yml:ro"],
            ["--config.file=/etc/prometheus/prometheus.yml", string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}")]);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await client.GetAsync("-/ready", cancellationToken);
        return answer.IsSuccessStatusCode;
    }
}
