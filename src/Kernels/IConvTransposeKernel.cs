using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>
/// One layer, packed for one technique and ready to compute boxes of its output. Holds the only copy of the packed
/// weights, which all threads share; safe for concurrent use with a workspace per thread. All techniques give the
/// same bits (docs/arithmetic.md).
/// </summary>
public interface IConvTransposeKernel : IDisposable
{
    /// <summary>Name of the technique, as <see cref="KernelSelector"/> knows it.</summary>
    string Technique { get; }

    /// <summary>Computes a box of the output for some batch items. Allocates nothing.</summary>
    /// <param name="input">
    /// [N, Cin, box...] for <paramref name="inputBox"/>, C order. Positions outside the array are present and hold what
    /// the layer's border says: +0, or the nearest element.
    /// </param>
    /// <param name="inputBox">
    /// Spatial; contains <see cref="ConvTransposeGeometry.ReadRegion"/> of the output box.
    /// </param>
    /// <param name="output">[N, Cout, box...], C order; every element is overwritten.</param>
    /// <param name="outputBox">Spatial, in global output coordinates.</param>
    /// <param name="batch">N, at least 1: items whose boxes lie one after the other.</param>
    /// <param name="workspace">
    /// At least <see cref="KernelSelector.WorkspaceLength(ConvTransposeLayer, Dims)"/> floats; content on entry does
    /// not matter.
    /// </param>
    /// <exception cref="OperationCanceledException">Asked for between blocks of rows.</exception>
    void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
        CancellationToken cancellationToken);
}
