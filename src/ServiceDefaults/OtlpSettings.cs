using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Upweave.ServiceDefaults;

/// <summary>
/// Where one signal (traces, metrics or logs) goes, by the names that OpenTelemetry's specification gives to the settings of the
/// OTLP exporter: what is said of this one alone, which the exporter of a single signal does not read, or of all.
/// </summary>
internal sealed class OtlpSettings
{
    private const string Common = "OTEL_EXPORTER_OTLP_";
    private readonly IConfiguration configuration;
    private readonly string prefix;

    private OtlpSettings(IConfiguration configuration, string signal)
    {
        this.configuration = configuration;
        prefix = $"{Common}{signal}_";
        bool isOff = string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
            || string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        IsOn = !isOff && (Own("ENDPOINT") ?? Shared("ENDPOINT")) is not null;
        CheckEndpoint(prefix + "ENDPOINT");
        CheckEndpoint(Common + "ENDPOINT");
    }

    /// <summary>An endpoint is named, and nobody has switched the signal off.</summary>
    public bool IsOn { get; }

    /// <param name="signal">E.g. <c>TRACES</c>.</param>
    /// <exception cref="SettingsException">An endpoint is no address.</exception>
    public static OtlpSettings Read(IConfiguration configuration, string signal) => new(configuration, signal);

    /// <summary>Sets what is said of this signal.</summary>
    public void Apply(OtlpExporterOptions options)
    {
        if ((Own("PROTOCOL") ?? Shared("PROTOCOL")) is { } protocol)
            options.Protocol = protocol == "http/protobuf" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        if ((Own("HEADERS") ?? Shared("HEADERS")) is { } headers)
            options.Headers = headers;
        if (int.TryParse(Own("TIMEOUT") ?? Shared("TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds))
            options.TimeoutMilliseconds = milliseconds;
        if (Own("ENDPOINT") is { } endpoint)
            options.Endpoint = new Uri(endpoint); // as it is: no /v1/traces is added to an address for one signal
    }

    /// <summary>All that is said of this signal, for an exporter that is made by hand: that one reads the environment only.</summary>
    /// <param name="path">What the signal has at a collector that is asked over HTTP, e.g. <c>v1/traces</c>.</param>
    public OtlpExporterOptions Create(string path)
    {
        OtlpExporterOptions options = new();
        Apply(options);
        if (Own("ENDPOINT") is null && Shared("ENDPOINT") is { } endpoint)
            options.Endpoint = new Uri(options.Protocol == OtlpExportProtocol.Grpc ? endpoint : $"{endpoint.TrimEnd('/')}/{path}");
        return options;
    }

    private string? Own(string name) => Read(prefix + name);

    private string? Shared(string name) => Read(Common + name);

    private string? Read(string name) => configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>The value is not repeated: some put a password into an address.</summary>
    private void CheckEndpoint(string name)
    {
        string? text = configuration[name];
        if (!string.IsNullOrWhiteSpace(text) && !(Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
            throw new SettingsException($"{name} is not an address. hint: {name}=http://localhost:4317");
    }
}
