using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Upweave.ServiceDefaults.Tracing;

namespace Upweave.ServiceDefaults;

/// <summary>
/// Traces, metrics and logs over OTLP, each where OpenTelemetry's own settings name an endpoint for it; nothing is collected
/// otherwise. The settings are read from the whole configuration, so they may stand in appsettings.json as well.
/// </summary>
public static class Telemetry
{
    /// <summary>The configuration's name for the share of tiles that are traced.</summary>
    private const string TileSampling = "Upweave:Telemetry:TileSampling";

    /// <summary>Of a large job two tiles in a hundred show as much as all of them.</summary>
    private const double TileShare = 0.02;

    /// <summary>Our own spans and metrics: <c>Upweave.Coordinator</c>, <c>Upweave.Worker</c>, <c>Upweave.Storage</c>.</summary>
    private const string Own = "Upweave.*";

    /// <summary>
    /// MassTransit's meter. Its source of spans, of the same name, is not heard: it has a span for each message sent, received and
    /// consumed, which are many times as many as the tiles; where a request's trace is joined, the coordinator does so itself.
    /// </summary>
    private const string Messaging = "MassTransit";

    /// <summary>Its up-down counters of what goes on now are exported as sums that only fall; what they count is in others.</summary>
    private const string Active = ".active";

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
        double share = ReadShare(builder.Configuration);
        if (traces.IsOn)
        {
            bool hasSampler = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_TRACES_SAMPLER"]);
            telemetry.WithTracing(tracing => AddTracing(tracing, traces, hasSampler ? null : new TileSampler(share)));
        }

        if (metrics.IsOn)
            telemetry.WithMetrics(metering => AddMetrics(metering).AddOtlpExporter(metrics.Apply));
        if (logs.IsOn)
            telemetry.WithLogging(logging => logging.AddOtlpExporter(logs.Apply), options => options.IncludeFormattedMessage = true);
    }

    /// <param name="sampler">Null for the one that OpenTelemetry's own settings name.</param>
    private static void AddTracing(TracerProviderBuilder tracing, OtlpSettings traces, TileSampler? sampler)
    {
        tracing.AddSource(Own);
        if (sampler is not null)
            tracing.SetSampler(sampler);
        tracing.AddProcessor(_ =>
        {
            BatchExportActivityProcessorOptions batch = new(); // of the environment: OTEL_BSP_...
            return new TileTail(new BatchActivityExportProcessor(
                new OtlpTraceExporter(traces.Create("v1/traces")), batch.MaxQueueSize, batch.ScheduledDelayMilliseconds,
                batch.ExporterTimeoutMilliseconds, batch.MaxExportBatchSize));
        });
    }

    /// <summary>An exemplar of a duration is a trace that is exported.</summary>
    private static MeterProviderBuilder AddMetrics(MeterProviderBuilder metering) => metering
        .AddMeter(Own, Messaging, Runtime)
        .AddView(instrument => instrument.Meter.Name == Messaging && instrument.Name.EndsWith(Active, StringComparison.Ordinal)
            ? MetricStreamConfiguration.Drop
            : null)
        .SetExemplarFilter(ExemplarFilterType.TraceBased);

    private static double ReadShare(ConfigurationManager configuration)
    {
        string? text = configuration[TileSampling];
        if (string.IsNullOrWhiteSpace(text))
            return TileShare;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1
            ? share
            : throw new SettingsException($"{TileSampling} is '{text}' instead of a share from 0 to 1. hint: leave it out for {TileShare}");
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
