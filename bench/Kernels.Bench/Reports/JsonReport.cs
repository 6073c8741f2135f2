using System.Text.Json;
using System.Text.Json.Serialization;

namespace Upweave.Bench.Reports;

/// <summary>Writes a run as JSON.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Write(string path, RunResult run) => File.WriteAllText(path, JsonSerializer.Serialize(run, Style) + "\n");
}
