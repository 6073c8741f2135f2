using System.Text.Json;
using System.Text.Json.Serialization;

namespace Upweave.Contracts.Specification;

/// <summary>The function that follows a layer.</summary>
public sealed record ActivationSpecification
{
    /// <summary><c>relu</c>, <c>leaky_relu</c>, <c>prelu</c>, <c>clip</c>, <c>sigmoid</c> or <c>tanh</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Slope of <c>leaky_relu</c> for negative inputs. Default: 0.01.</summary>
    [JsonPropertyName("alpha")]
    public double? Alpha { get; init; }

    /// <summary>Slopes of <c>prelu</c> for negative inputs, in an .npy or .npz: one per output channel, or a single one.</summary>
    [JsonPropertyName("slope")]
    public string? Slope { get; init; }

    /// <summary>Lower bound of <c>clip</c>. Default: none.</summary>
    [JsonPropertyName("min")]
    public double? Minimum { get; init; }

    /// <summary>Upper bound of <c>clip</c>. Default: none.</summary>
    [JsonPropertyName("max")]
    public double? Maximum { get; init; }

    /// <summary>Fields that no one knows; each is a problem.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}
