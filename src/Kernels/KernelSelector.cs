using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>The only place that decides which technique computes a layer.</summary>
public static class KernelSelector
{
    /// <summary>Name of the environment variable that forces a technique.</summary>
    public const string ForcingVariable = "UPWEAVE_KERNEL";

    /// <summary>The technique that would compute this layer here.</summary>
    public static string Select(ConvTransposeLayer layer) => throw new NotSupportedException();

    /// <summary>Packs a layer.</summary>
    /// <param name="weights">[Cin, Cout/groups, k...], finite.</param>
    /// <param name="bias">One per output channel, finite; empty: none.</param>
    public static IConvTransposeKernel Create(
        ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) => throw new NotSupportedException();

    /// <summary>Bytes that the packed weights of this layer take, once per process and job.</summary>
    public static long PackedBytes(ConvTransposeLayer layer) => throw new NotSupportedException();

    /// <summary>Floats of workspace that one call needs for an output box of this spatial shape.</summary>
    public static long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) => throw new NotSupportedException();
}
