using Google.Protobuf;
using Upweave.Tests.Otlp.Format;

namespace Upweave.Tests.Otlp;

/// <summary>A span as it came.</summary>
internal sealed class OtlpSpan(Resource resource, string scope, Span span)
{
    /// <summary>Status code of a span that failed.</summary>
    public const int Error = 2;

    public IReadOnlyDictionary<string, object> Resource { get; } = OtlpValues.Of(resource.Attributes);

    public string Service => (string)Resource["service.name"];

    public string Scope => scope;

    public string Name => span.Name;

    public string TraceId => Hex(span.TraceId);

    public string SpanId => Hex(span.SpanId);

    /// <summary>Empty for a root.</summary>
    public string ParentId => Hex(span.ParentSpanId);

    public int Status => span.Status?.Code ?? 0;

    public ulong Start => span.StartTimeUnixNano;

    public ulong End => span.EndTimeUnixNano;

    public IReadOnlyList<(string TraceId, string SpanId)> Links => [.. span.Links.Select(link => (Hex(link.TraceId), Hex(link.SpanId)))];

    public IReadOnlyDictionary<string, object> Tags { get; } = OtlpValues.Of(span.Attributes);

    public static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
