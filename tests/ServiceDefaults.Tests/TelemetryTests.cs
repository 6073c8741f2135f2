using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

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
        foreach (string path in receiver.Paths)
        {
            Assert.Contains(Service, receiver.Bodies(path), StringComparison.Ordinal);
            Assert.Contains("service.version", receiver.Bodies(path), StringComparison.Ordinal);
            Assert.Contains("service.instance.id", receiver.Bodies(path), StringComparison.Ordinal);
        }

        Assert.Contains("a test's span", receiver.Bodies("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("upweave.test.counter", receiver.Bodies("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("dotnet.gc.collections", receiver.Bodies("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("Line 7 of a test.", receiver.Bodies("/v1/logs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_EndpointForOneSignal_SendsThatOneThere()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await RunAsync(
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", receiver.Address + "/my/traces"), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"));
        Assert.Equal(["/my/traces"], receiver.Paths);
        Assert.Contains("a test's span", receiver.Bodies("/my/traces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_SignalSwitchedOff_SendsTheOthers()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await RunAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_LOGS_EXPORTER", "none"), ("OTEL_SERVICE_NAME", "another-name"));
        Assert.Equal(["/v1/metrics", "/v1/traces"], receiver.Paths);
        Assert.Contains("another-name", receiver.Bodies("/v1/traces"), StringComparison.Ordinal);
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
