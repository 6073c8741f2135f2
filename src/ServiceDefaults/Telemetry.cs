using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Upweave.ServiceDefaults;

/// <summary>
/// Traces, metrics and logs over OTLP, each where OpenTelemetry's own settings name an endpoint for it; nothing is collected
/// otherwise. The settings are read from the whole configuration, so they may stand in appsettings.json as well.
/// </summary>
public static class Telemetry
{
    /// <summary>Our own spans and metrics: <c>Upweave.Coordinator</c>, <c>Upweave.Worker</c>.</summary>
    private const string Own = "Upweave.*";

    /// <summary>Name of MassTransit's source of spans and of its meter.</summary>
    private const string Messaging = "MassTransit";

    /// <summary>.NET's own meter: collections, threads, exceptions.</summary>
    private const string Runtime = "System.Runtime";

    /// <summary>Adds what is configured.</summary>
    /// <param name="service">The service's name; <c>OTEL_SERVICE_NAME</c> changes it.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        OtlpSettings traces = OtlpSettings.Read(builder.Configuration, "TRACES");
        OtlpSettings metrics = OtlpSettings.Read(builder.Configuration, "METRICS");
        OtlpSettings logs = OtlpSettings.Read(builder.Configuration, "LOGS");
        if (!traces.IsOn && !metrics.IsOn && !logs.IsOn)
            return;
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, service));
        if (traces.IsOn)
            telemetry.WithTracing(tracing => tracing.AddSource(Own, Messaging).AddOtlpExporter(traces.Apply));
        if (metrics.IsOn)
            telemetry.WithMetrics(metering => metering.AddMeter(Own, Messaging, Runtime).AddOtlpExporter(metrics.Apply));
        if (logs.IsOn)
            telemetry.WithLogging(logging => logging.AddOtlpExporter(logs.Apply), options => options.IncludeFormattedMessage = true);
    }

    /// <summary>The environment comes last, so <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> win.</summary>
    private static void Describe(ResourceBuilder resource, string service)
    {
        string instance = $"{Environment.MachineName}-{Environment.ProcessId}";
        resource.AddService(service, serviceVersion: Version(), serviceInstanceId: instance).AddEnvironmentVariableDetector();
    }

    /// <summary>E.g. <c>0.1.0+4f6c2a1</c>.</summary>
    private static string? Version() =>
        typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
