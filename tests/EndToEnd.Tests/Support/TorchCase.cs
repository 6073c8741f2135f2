using System.Text.Json;
using System.Text.Json.Serialization;

namespace Upweave.EndToEnd.Tests.Support;

/// <summary>One entry of tests/data/torch-cases/manifest.json; the README there names the fields.</summary>
internal sealed record TorchCase
{
    private static readonly string Folder = System.IO.Path.Combine(AppContext.BaseDirectory, "data", "torch-cases");

    public required string File { get; init; }

    public required int Groups { get; init; }

    public required long[] Stride { get; init; }

    public required long[] Padding { get; init; }

    [JsonPropertyName("output_padding")]
    public required long[] OutputPadding { get; init; }

    public required long[] Dilation { get; init; }

    [JsonPropertyName("x_values")]
    public required string InputValues { get; init; }

    [JsonPropertyName("w_values")]
    public required string WeightValues { get; init; }

    [JsonPropertyName("max_abs_term_sum")]
    public required double TermSumMost { get; init; }

    public string Path => System.IO.Path.Combine(Folder, File);

    /// <summary>Integers are exact in float32, so there is one right answer to the bit.</summary>
    public double Tolerance => InputValues == "ints" && WeightValues == "ints" ? 0 : 1e-5 * TermSumMost;

    /// <summary>The options of the command line, in its names.</summary>
    public string Options =>
        $"--weights {Path}#w --bias {Path}#b --strides {List(Stride)} --pads={List([.. Padding, .. Padding])} "
        + $"--output-padding {List(OutputPadding)} --dilations {List(Dilation)} --group {Groups}";

    public static IReadOnlyList<TorchCase> Load()
    {
        using JsonDocument manifest = JsonDocument.Parse(System.IO.File.ReadAllText(System.IO.Path.Combine(Folder, "manifest.json")));
        return manifest.RootElement.GetProperty("cases").Deserialize<TorchCase[]>(JsonSerializerOptions.Web)!;
    }

    private static string List(long[] values) => string.Join(",", values);
}
