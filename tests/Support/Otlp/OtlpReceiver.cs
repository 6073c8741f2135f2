using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Upweave.Tests.Otlp.Format;

namespace Upweave.Tests.Otlp;

/// <summary>
/// A collector that takes OTLP, as protobuf over HTTP or by gRPC, and keeps what it got. Prometheus can scrape the metrics from
/// <c>/metrics</c>.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const int GrpcPrefix = 5;

    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> got = new();

    private OtlpReceiver()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Listen(IPAddress.Loopback, 0);
            server.Listen(IPAddress.Loopback, 0, grpc => grpc.Protocols = HttpProtocols.Http2);
        });
        app = builder.Build();
        app.MapPost("/{**path}", TakeAsync);
        app.MapGet("/metrics", () => Results.Text(PrometheusText.Write(Metrics), "text/plain; version=0.0.4"));
    }

    public string Address => app.Urls.First();

    /// <summary>The same for gRPC.</summary>
    public string GrpcAddress => app.Urls.Last();

    public string[] Paths => [.. got.Select(one => one.Path).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<OtlpSpan> Spans =>
    [
        .. from request in Requests(TraceRequest.Parser, "traces")
           from resource in request.ResourceSpans
           from scope in resource.ScopeSpans
           from span in scope.Spans
           select new OtlpSpan(resource.Resource, scope.Scope.Name, span),
    ];

    /// <summary>Every metric as often as it was sent, oldest first.</summary>
    public IReadOnlyList<OtlpMetric> Metrics =>
    [
        .. from request in Requests(MetricsRequest.Parser, "metrics")
           from resource in request.ResourceMetrics
           from scope in resource.ScopeMetrics
           from metric in scope.Metrics
           select new OtlpMetric(resource.Resource, scope.Scope.Name, metric),
    ];

    public IReadOnlyList<OtlpLog> Logs =>
    [
        .. from request in Requests(LogsRequest.Parser, "logs")
           from resource in request.ResourceLogs
           from scope in resource.ScopeLogs
           from record in scope.LogRecords
           select new OtlpLog(resource.Resource, record),
    ];

    /// <summary>All that came, as text: what is text in it stands there as it is.</summary>
    public string All => string.Concat(got.Select(one => Encoding.UTF8.GetString(one.Body)));

    public static async Task<OtlpReceiver> StartAsync()
    {
        OtlpReceiver receiver = new();
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        bool zipped = context.Request.Headers.ContentEncoding == "gzip";
        await (zipped ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body).CopyToAsync(body);
        if (context.Request.ContentType != "application/grpc")
        {
            got.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
            return;
        }

        // A message of gRPC: a flag, its length, and the same as over HTTP; the answer is an empty one.
        string path = context.Request.Path.Value!;
        string signal = path.Contains("TraceService", StringComparison.Ordinal) ? "traces"
            : path.Contains("MetricsService", StringComparison.Ordinal) ? "metrics" : "logs";
        got.Enqueue(($"{path}/{signal}", body.ToArray()[GrpcPrefix..]));
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[GrpcPrefix]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private IEnumerable<T> Requests<T>(MessageParser<T> parser, string signal)
        where T : IMessage<T> =>
        got.Where(one => one.Path.EndsWith("/" + signal, StringComparison.Ordinal)).Select(one => parser.ParseFrom(one.Body));
}
