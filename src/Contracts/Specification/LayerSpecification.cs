using System.Text.Json;
using System.Text.Json.Serialization;

namespace Upweave.Contracts.Specification;

/// <summary>
/// One layer: either <c>weights</c> with attributes that have ONNX's names and meaning, or a <c>preset</c> with its <c>scale</c>.
/// Vectors have one number per spatial axis.
/// </summary>
public sealed record LayerSpecification
{
    /// <summary>
    /// [Cin, Cout/groups, k...], in an .npy, .npz, .safetensors or .onnx (path#name). A ConvTranspose node of an .onnx, by its name or its
    /// output's, brings its bias and attributes along: what is not stated here is the node's, and what is stated must agree.
    /// </summary>
    [JsonPropertyName("weights")]
    public string? Weights { get; init; }

    /// <summary>One number per output channel. Default: none.</summary>
    [JsonPropertyName("bias")]
    public string? Bias { get; init; }

    /// <summary><c>nearest</c>, <c>linear</c> (also <c>bilinear</c>, <c>trilinear</c>), <c>bicubic</c> or <c>lanczos3</c>.</summary>
    [JsonPropertyName("preset")]
    public string? Preset { get; init; }

    /// <summary>Factor per spatial axis of a preset, or one for all: 1 to 64.</summary>
    [JsonPropertyName("scale")]
    public IReadOnlyList<long>? Scale { get; init; }

    /// <summary>How far apart an input's elements lie in the output. Default: 1.</summary>
    [JsonPropertyName("strides")]
    public IReadOnlyList<long>? Strides { get; init; }

    /// <summary>All begins, then all ends. Negative ones extend the output. Default: 0.</summary>
    [JsonPropertyName("pads")]
    public IReadOnlyList<long>? Pads { get; init; }

    /// <summary>More at the end of the output. Below the larger of stride and dilation. Default: 0.</summary>
    [JsonPropertyName("output_padding")]
    public IReadOnlyList<long>? OutputPadding { get; init; }

    /// <summary>How far apart the kernel's taps lie in the output. Default: 1.</summary>
    [JsonPropertyName("dilations")]
    public IReadOnlyList<long>? Dilations { get; init; }

    /// <summary>Groups of channels, each with weights of its own: a divisor of the input channels. Default: 1.</summary>
    [JsonPropertyName("group")]
    public long? Group { get; init; }

    /// <summary><c>NOTSET</c>, <c>SAME_UPPER</c>, <c>SAME_LOWER</c> or <c>VALID</c>. Default: <c>NOTSET</c>.</summary>
    [JsonPropertyName("auto_pad")]
    public string? AutoPad { get; init; }

    /// <summary>Wanted spatial extents of the output, from which the pads are worked out.</summary>
    [JsonPropertyName("output_shape")]
    public IReadOnlyList<long>? OutputShape { get; init; }

    /// <summary><c>zero</c> or <c>replicate</c>. Default: <c>replicate</c> for presets, else <c>zero</c>.</summary>
    [JsonPropertyName("border")]
    public string? Border { get; init; }

    /// <summary>The function that follows. Default: none.</summary>
    [JsonPropertyName("activation")]
    public ActivationSpecification? Activation { get; init; }

    /// <summary>Fields that no one knows; each is a problem.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}
