using System.Text.Json;
using System.Text.RegularExpressions;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Tests.Otlp;
using Upweave.Tests.Schema;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Every query of the dashboards and of the alerts, in a real Prometheus that real hosts send their metrics to while they work.</summary>
[Collection(ServersCollection.Name)]
public sealed partial class DashboardTests(ServersFixture servers) : IAsyncLifetime
{
    private const string Completed = """sum(upweave_tiles_total{upweave_tile_state="completed"})""";

    private readonly TestFolder folder = new();
    private OtlpReceiver collector = null!;
    private PrometheusServer prometheus = null!;
    private Deployment deployment = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        collector = await OtlpReceiver.StartAsync();
        prometheus = await PrometheusServer.StartAsync(new Uri(collector.Address).Authority, Stop);
        deployment = await Deployment.StartAsync(
            servers, workers: 1, more: new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = collector.Address + "/v1/metrics",
                ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            });
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        await prometheus.DisposeAsync();
        await collector.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Queries_OfPagesAndAlerts_AreAnsweredWithData()
    {
        // Idle, the fleet is there: what it is scaled by says 0, and is not missing.
        await UntilAsync("sum(upweave_tiles_remaining) == 0", "the coordinator's metrics have come");
        await UntilAsync("sum(upweave_slots) == 1", "the worker's metrics have come");
        await UntilAsync("min(upweave_store_available) == 1", "what hosts know of their stores has come");

        folder.Write("in.npy", NpyArray.Random(2611, 24, 24));
        foreach (string input in new[] { "good", "bad" })
        {
            await deployment.SucceedAsync(folder, $"copy in.npy data/{input}.zarr --format chunk=8,shard=false");
        }

        // Twice, with what Prometheus has got in between: a rate needs two points.
        await SubmitAsync("good", "first", completes: true);
        await UntilAsync($"{Completed} == 9", "the first job is in the metrics");
        await UntilAsync("sum(upweave_tile_duration_seconds_count) == 9", "its tiles are in the metrics");
        await UntilAsync("sum(upweave_jobs_total) == 1", "its end is in the metrics");
        await BlobView.WriteAsync(deployment, "data/bad.zarr/c/1/1", "This is no chunk.");
        await SubmitAsync("good", "second", completes: true);
        await SubmitAsync("bad", "third", completes: false);
        await UntilAsync("sum(upweave_jobs_total) == 3", "the ends of all jobs are in the metrics");
        await UntilAsync("max(rate(upweave_tile_duration_seconds_count[1m])) > 0", "the second job's tiles are in the metrics");
        await UntilAsync("sum(increase(upweave_tiles_total{upweave_tile_state=\"failed\"}[5m])) > 0", "the tiles put aside are in the metrics");

        (string From, string Expression)[] queries = [.. Pages(), .. Alerts()];
        Assert.True(queries.Length > 40, $"Only {queries.Length} queries found.");
        foreach ((string from, string expression) in queries)
        {
            await UntilAsync(expression, $"{from} shows something"); // those that look back have a grid of times, which samples must hit
        }

        // The alerts say what is so.
        Dictionary<string, double> alerts = [];
        foreach ((string name, string expression) in Alerts())
        {
            alerts[name] = Assert.Single(await prometheus.QueryAsync(expression, Stop));
        }

        Assert.Equal(0, alerts["upweave-no-progress"]);
        Assert.Equal(0, alerts["upweave-workers-lost"]);
        Assert.Equal(0, alerts["upweave-store-unavailable"]);
        Assert.Equal(0, alerts["upweave-tiles-unanswered"]);
        Assert.True(alerts["upweave-tiles-put-aside"] > 0);
    }

    /// <summary>The queries of all panels, with what Grafana would put in for its variables.</summary>
    private static IEnumerable<(string From, string Expression)> Pages() =>
        from file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "dashboards", "pages"), "*.json").Order(StringComparer.Ordinal)
        from panel in JsonElement.Parse(File.ReadAllText(file)).GetProperty("panels").EnumerateArray()
        from target in panel.GetProperty("targets").EnumerateArray()
        where target.GetProperty("datasource").GetProperty("uid").GetString() == "prometheus"
        select ($"{Path.GetFileName(file)}, {panel.GetProperty("title").GetString()}", target.GetProperty("expr").GetString()!
            .Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$__range", "5m", StringComparison.Ordinal)
            .Replace("$instance", ".+", StringComparison.Ordinal));

    private static IEnumerable<(string Name, string Expression)> Alerts() =>
        AlertRule().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "dashboards", "provisioning", "alerts.yaml")))
            .Select(match => (match.Groups["uid"].Value, match.Groups["expr"].Value));

    [GeneratedRegex(@"- uid: (?<uid>\S+)\n.*?expr: '(?<expr>[^'\n]+)'", RegexOptions.Singleline)]
    private static partial Regex AlertRule();

    private async Task SubmitAsync(string input, string output, bool completes)
    {
        string job = $$$"""{"version":1,"input":"data/{{{input}}}.zarr","output":"results/{{{output}}}.zarr","layers":[{"preset":"bicubic","scale":[2,2]}],"tile":[16]}""";
        await File.WriteAllTextAsync(folder.At("job.json"), JobSchema.AssertValid(job), Stop);
        UpweaveResult result = await deployment.RunAsync(folder, "submit --job job.json --wait");
        result.AssertExitCode(completes ? 0 : 1);
    }

    /// <param name="condition">Answered with something when it is so.</param>
    private async Task UntilAsync(string condition, string what)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(250));
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        bound.CancelAfter(TimeSpan.FromSeconds(90));
        try
        {
            while ((await prometheus.QueryAsync(condition, bound.Token)).Count == 0)
            {
                await timer.WaitForNextTickAsync(bound.Token);
            }
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within 90 seconds: {what} ({condition}).");
        }
    }
}
