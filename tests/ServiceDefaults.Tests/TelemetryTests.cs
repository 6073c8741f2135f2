using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Upweave.Tests.Otlp;

namespace Upweave.ServiceDefaults.Tests;

/// <summary>What goes over the wire: hosts with OpenTelemetry's settings against a collector.</summary>
public sealed class TelemetryTests
{
    private const string Service = "upweave-test";
    private static readonly ActivitySource Source = new("Upweave.Test");
    private static readonly Meter Meter = new("Upweave.Test");
    private static readonly Counter<long> Counter = Meter.CreateCounter<long>("upweave.test.counter");

    [Fact]
    public async Task Host_WithAnEndpoint_SendsTracesMetricsAndLogs()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await RunAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], receiver.Paths);
        OtlpSpan span = Assert.Single(receiver.Spans);
        Assert.Equal("a test's span", span.Name);
        Assert.Equal(Service, span.Service);
        Assert.NotEmpty((string)span.Resource["service.version"]);
        Assert.NotEmpty((string)span.Resource["service.instance.id"]);
        OtlpMetric counter = Assert.Single(receiver.Metrics, metric => metric.Name == "upweave.test.counter");
        Assert.Equal(Service, counter.Service);
        Assert.Equal(1, Assert.Single(counter.Points).Value);
        Assert.Contains(receiver.Metrics, metric => metric.Name == "dotnet.gc.collections");
        OtlpLog line = Assert.Single(receiver.Logs, log => log.Body == "Line 7 of a test.");
        Assert.Equal(Service, line.Service);
        Assert.Equal(7L, line.Tags["Number"]);
        Assert.Equal((span.TraceId, span.SpanId), (line.TraceId, line.SpanId));
    }

    /// <summary>What is used when nobody names a protocol.</summary>
    [Fact]
    public async Task Host_ByGrpc_SendsTracesMetricsAndLogs()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await RunAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.GrpcAddress), ("OTEL_EXPORTER_OTLP_HEADERS", ""));
        OtlpSpan span = Assert.Single(receiver.Spans);
        Assert.Equal(Service, span.Service);
        Assert.Contains(receiver.Metrics, metric => metric.Name == "upweave.test.counter");
        Assert.Equal(span.TraceId, Assert.Single(receiver.Logs, log => log.Body == "Line 7 of a test.").TraceId);
    }

    [Fact]
    public async Task Host_EndpointForOneSignal_SendsThatOneThere()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await RunAsync(
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", receiver.Address + "/my/traces"), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"));
        Assert.Equal(["/my/traces"], receiver.Paths);
        Assert.Equal("a test's span", Assert.Single(receiver.Spans).Name);
    }

    [Fact]
    public async Task Host_SignalSwitchedOff_SendsTheOthers()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await RunAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_LOGS_EXPORTER", "none"), ("OTEL_SERVICE_NAME", "another-name"));
        Assert.Equal(["/v1/metrics", "/v1/traces"], receiver.Paths);
        Assert.Equal("another-name", Assert.Single(receiver.Spans).Service);
    }

    /// <summary>MassTransit's own are exported as sums that only fall.</summary>
    [Fact]
    public async Task Host_CountersOfWhatGoesOn_OfMassTransitAreLeftOut()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using Meter messaging = new("MassTransit");
        await using (WebApplication app = Build(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        {
            app.Urls.Add("http://127.0.0.1:0");
            await app.StartAsync(TestContext.Current.CancellationToken);
            messaging.CreateUpDownCounter<int>("messaging.masstransit.consume.active").Add(1);
            messaging.CreateCounter<int>("messaging.masstransit.consume").Add(1);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains(receiver.Metrics, metric => metric.Name == "messaging.masstransit.consume");
        Assert.DoesNotContain(receiver.Metrics, metric => metric.Name.EndsWith(".active", StringComparison.Ordinal));
    }

    [Fact]
    public void Host_TileSamplingIsNoShare_SaysSo()
    {
        SettingsException error = Assert.Throws<SettingsException>(
            () => Build(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"), ("Upweave:Telemetry:TileSampling", "2")));
        Assert.Equal("Upweave:Telemetry:TileSampling is '2' instead of a share from 0 to 1. hint: leave it out for 0.02", error.Message);
    }

    [Fact]
    public void Host_WithoutAnEndpoint_CollectsNothing()
    {
        using WebApplication app = Build();
        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
        Assert.Null(app.Services.GetService<LoggerProvider>());
    }

    [Fact]
    public void Host_EndpointIsNoAddress_SaysSoWithoutRepeatingIt()
    {
        SettingsException error = Assert.Throws<SettingsException>(() => Build(("OTEL_EXPORTER_OTLP_ENDPOINT", "user:Secret1@host")));
        Assert.StartsWith("OTEL_EXPORTER_OTLP_ENDPOINT is not an address.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret1", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A host that says one thing of each kind; it sends what is left when it goes.</summary>
    private static async Task RunAsync(params (string Name, string Value)[] settings)
    {
        await using WebApplication app = Build(settings);
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using (Source.StartActivity("a test's span"))
        {
            Counter.Add(1);
            app.Services.GetRequiredService<ILogger<TelemetryTests>>().LogInformation("Line {Number} of a test.", 7);
        }

        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static WebApplication Build(params (string Name, string Value)[] settings)
    {
        WebApplicationBuilder builder = HostDefaults.CreateBuilder([.. settings.Select(setting => $"--{setting.Name}={setting.Value}")]);
        builder.AddTelemetry(Service);
        return builder.Build();
    }
}
