using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Upweave.ServiceDefaults.Tests;

/// <summary>A collector that takes OTLP over HTTP and keeps what it got, by path.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, string Body)> got = new();

    private OtlpReceiver()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/{**path}", async (HttpContext context) =>
        {
            using MemoryStream body = new();
            bool zipped = context.Request.Headers.ContentEncoding == "gzip";
            await (zipped ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body).CopyToAsync(body);
            got.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            return Results.Bytes([], "application/x-protobuf");
        });
    }

    public string Address => app.Urls.Single();

    public string[] Paths => [.. got.Select(one => one.Path).Distinct().Order(StringComparer.Ordinal)];

    public static async Task<OtlpReceiver> StartAsync()
    {
        OtlpReceiver receiver = new();
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>All that came for one path; texts stand in it as they are.</summary>
    public string Bodies(string path) => string.Concat(got.Where(one => one.Path == path).Select(one => one.Body));

    /// <summary>All that came.</summary>
    public string All => string.Concat(got.Select(one => one.Body));

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
