using System.Text.Json;
using System.Text.Json.Serialization;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests.Support;

/// <summary>One entry of tests/data/torch-cases/manifest.json; its README names the fields.</summary>
internal sealed record TorchCase
{
    public required string File { get; init; }

    public required int Batch { get; init; }

    [JsonPropertyName("in_channels")]
    public required int InputChannels { get; init; }

    [JsonPropertyName("out_channels")]
    public required int OutputChannels { get; init; }

    public required int Groups { get; init; }

    [JsonPropertyName("input_size")]
    public required long[] InputSize { get; init; }

    [JsonPropertyName("kernel_size")]
    public required long[] KernelSize { get; init; }

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

    public bool IsExact => InputValues == "ints" && WeightValues == "ints";

    public ConvTransposeLayer Layer => new()
    {
        InputChannels = InputChannels,
        OutputChannels = OutputChannels,
        Groups = Groups,
        Geometry = new ConvTransposeGeometry
        {
            Input = Dims.Create(InputSize), Kernel = Dims.Create(KernelSize), Strides = Dims.Create(Stride),
            PadsBegin = Dims.Create(Padding), PadsEnd = Dims.Create(Padding),
            OutputPadding = Dims.Create(OutputPadding), Dilations = Dims.Create(Dilation),
        },
    };

    public static IReadOnlyList<TorchCase> Load(string folder)
    {
        using JsonDocument manifest = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(folder, "manifest.json")));
        return manifest.RootElement.GetProperty("cases").Deserialize<TorchCase[]>(JsonSerializerOptions.Web)
            ?? throw new InvalidDataException($"{folder}/manifest.json has no cases.");
    }
}
