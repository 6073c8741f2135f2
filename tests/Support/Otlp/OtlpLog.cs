using Upweave.Tests.Otlp.Format;

namespace Upweave.Tests.Otlp;

/// <summary>A line of a log as it came.</summary>
internal sealed class OtlpLog(Resource resource, LogRecord record)
{
    public string Service { get; } = (string)OtlpValues.Of(resource.Attributes)["service.name"];

    public string Body => record.Body.StringValue;

    public string TraceId => OtlpSpan.Hex(record.TraceId);

    public string SpanId => OtlpSpan.Hex(record.SpanId);

    public IReadOnlyDictionary<string, object> Tags { get; } = OtlpValues.Of(record.Attributes);
}
