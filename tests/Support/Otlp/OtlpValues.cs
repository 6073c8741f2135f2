using Upweave.Tests.Otlp.Format;

namespace Upweave.Tests.Otlp;

/// <summary>Attributes as .NET's values: texts, numbers and booleans.</summary>
internal static class OtlpValues
{
    public static IReadOnlyDictionary<string, object> Of(IEnumerable<KeyValue> attributes) =>
        attributes.ToDictionary(attribute => attribute.Key, attribute => Of(attribute.Value));

    private static object Of(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        _ => "",
    };
}
