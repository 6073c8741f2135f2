using System.Text.Json;
using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>Takes any JSON for a <see cref="SubmitJob"/>, as it is.</summary>
internal sealed class SubmitJobConverter : JsonConverter<SubmitJob>
{
    public override SubmitJob Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new() { Specification = JsonElement.ParseValue(ref reader).GetRawText() };

    public override void Write(Utf8JsonWriter writer, SubmitJob value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Specification);
}
