using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// What becomes of the sum of one block at a position: target = (target, if it accumulates) + ((addend, if any) + sum).
/// </summary>
internal readonly unsafe struct FiltersSums(float* addend, float* target, bool accumulates)
{
    private const int FloatsPerLine = 16;

    public readonly float* Addend = addend;
    public readonly float* Target = target;
    public readonly bool Accumulates = accumulates;

    /// <summary>
    /// Asks for part of the weights that come next, while others are at work: from far memory they would come too late.
    /// Nothing is read, so it may point behind their end.
    /// </summary>
    /// <param name="lines">Cache lines.</param>
    /// <returns>Behind that part.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Prefetch(float* weights, int lines)
    {
        for (; lines > 0; lines--, weights += FloatsPerLine)
        {
            if (Sse.IsSupported)
                Sse.Prefetch0(weights);
        }

        return weights;
    }

    /// <summary>Cache lines to ask for during each tile, so that all weights of the next block have come after the last.</summary>
    public static int LinesPerTile(nint floats, int tiles) => (int)((floats + ((nint)FloatsPerLine * tiles) - 1) / (FloatsPerLine * tiles));
}
