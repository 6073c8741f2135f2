using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>
/// The constants of the direct algorithm that docs/arithmetic.md fixes. Changing one changes bits, so it needs a new
/// version.
/// </summary>
public static class DirectArithmetic
{
    /// <summary>The version of docs/arithmetic.md that every technique here follows; a plan records it.</summary>
    public const int ArithmeticVersion = 1;

    /// <summary>Most products that one block of the sum holds, unless a single channel has more.</summary>
    private const int ProductsPerBlock = 64;

    /// <summary>
    /// Input channels per block of the sum: max(1, 64 / t), where t is the largest number of taps any phase has. A
    /// function of kernel, stride and dilation alone, so the same for every tile.
    /// </summary>
    public static int ChannelsPerBlock(ConvTransposeLayer layer)
    {
        ConvTransposeGeometry geometry = layer.Geometry;
        long taps = Dims.Build(geometry.Rank, axis =>
            TapsPerPhaseMax(geometry.Kernel[axis], geometry.Strides[axis], geometry.Dilations[axis])).Volume;
        return (int)Math.Max(1, ProductsPerBlock / taps);
    }

    /// <summary>Taps whose k*D leave the same remainder modulo S are S / gcd(S, D) apart.</summary>
    private static long TapsPerPhaseMax(long kernel, long stride, long dilation) =>
        IntegerMath.CeilDiv(kernel, stride / GreatestCommonDivisor(stride, dilation));

    private static long GreatestCommonDivisor(long left, long right) =>
        right == 0 ? left : GreatestCommonDivisor(right, left % right);
}
