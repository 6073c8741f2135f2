using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>A way to compute a layer: what it needs, and how to make a kernel of it.</summary>
internal interface ITechnique
{
    string Name { get; }

    /// <summary>Whether it can compute this layer.</summary>
    bool Supports(ConvTransposeLayer layer);

    /// <summary>Weights and bias are checked already.</summary>
    IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias);

    /// <summary>Bytes of packed weights and bias.</summary>
    long PackedBytes(ConvTransposeLayer layer);

    /// <summary>Floats that one call needs; never less for a larger output box.</summary>
    long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape);
}
