namespace Upweave.Kernels;

/// <summary>Which products are summed for an output, and in which order: docs/arithmetic.md has a chapter on each.</summary>
public enum ConvTransposeAlgorithm
{
    /// <summary>One product per tap and input channel.</summary>
    Direct,

    /// <summary>
    /// Winograd's minimal filtering F(2,2) and F(2,3) on the last axes: two neighbouring outputs of a phase with two taps share
    /// three products instead of four, with three taps four instead of six.
    /// </summary>
    Minimal,
}
