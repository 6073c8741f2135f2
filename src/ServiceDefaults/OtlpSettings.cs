using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Upweave.ServiceDefaults;

/// <summary>
/// Where one signal (traces, metrics or logs) goes, by the names that OpenTelemetry's specification gives to the settings of the
/// OTLP exporter. What holds for all signals is read by the exporter; here is what is said of this one alone, which the
/// exporter of a single signal does not read.
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
        IsOn = !isOff && (Own("ENDPOINT") is not null || !string.IsNullOrWhiteSpace(configuration[Common + "ENDPOINT"]));
        CheckEndpoint(prefix + "ENDPOINT");
        CheckEndpoint(Common + "ENDPOINT");
    }

    /// <summary>An endpoint is named, and nobody has switched the signal off.</summary>
    public bool IsOn { get; }

    /// <param name="signal">E.g. <c>TRACES</c>.</param>
    /// <exception cref="SettingsException">An endpoint is no address.</exception>
    public static OtlpSettings Read(IConfiguration configuration, string signal) => new(configuration, signal);

    /// <summary>Sets what is said of this signal alone.</summary>
    public void Apply(OtlpExporterOptions options)
    {
        if (Own("PROTOCOL") is { } protocol)
            options.Protocol = protocol == "http/protobuf" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        if (Own("HEADERS") is { } headers)
            options.Headers = headers;
        if (int.TryParse(Own("TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds))
            options.TimeoutMilliseconds = milliseconds;
        if (Own("ENDPOINT") is { } endpoint)
            options.Endpoint = new Uri(endpoint); // as it is: no /v1/traces is added to an address for one signal
    }

    private string? Own(string name) => configuration[prefix + name] is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>The value is not repeated: some put a password into an address.</summary>
    private void CheckEndpoint(string name)
    {
        string? text = configuration[name];
        if (!string.IsNullOrWhiteSpace(text) && !(Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
            throw new SettingsException($"{name} is not an address. hint: {name}=http://localhost:4317");
    }
}
