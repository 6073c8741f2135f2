using Upweave.Contracts.Specification;

namespace Upweave.Contracts.Plans;

/// <summary>A layer with nothing left open. Vectors have one number per spatial axis.</summary>
public sealed record PlannedLayer
{
    /// <summary>Reference of the weights; null for a preset.</summary>
    public string? Weights { get; init; }

    public string? WeightsIdentity { get; init; }

    public string? Bias { get; init; }

    public string? BiasIdentity { get; init; }

    /// <summary>Name of the preset; null for weights. Its scale is <see cref="Strides"/>.</summary>
    public string? Preset { get; init; }

    public required int InputChannels { get; init; }

    public required int OutputChannels { get; init; }

    public required int Group { get; init; }

    /// <summary>Spatial extents of the layer's input.</summary>
    public required IReadOnlyList<long> Input { get; init; }

    public required IReadOnlyList<long> Kernel { get; init; }

    public required IReadOnlyList<long> Strides { get; init; }

    public required IReadOnlyList<long> PadsBegin { get; init; }

    public required IReadOnlyList<long> PadsEnd { get; init; }

    public required IReadOnlyList<long> OutputPadding { get; init; }

    public required IReadOnlyList<long> Dilations { get; init; }

    /// <summary><c>zero</c> or <c>replicate</c>.</summary>
    public required string Border { get; init; }

    /// <summary><c>direct</c> or <c>minimal</c>: never <c>auto</c>, which is decided by now.</summary>
    public required string Algorithm { get; init; }

    public ActivationSpecification? Activation { get; init; }

    /// <summary>Pins the slopes of a prelu; null for other activations.</summary>
    public string? SlopeIdentity { get; init; }
}
