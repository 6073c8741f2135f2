using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

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
    /// Asks for part of the weights that come next, channel by channel while others are at work: from far memory they would come too late,
    /// and asked for at once they would hold up the loads of these. Nothing is read, so it may point behind their end.
    /// </summary>
    /// <param name="floats">At most two cache lines.</param>
    /// <returns>Behind that part.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* AskFor(float* weights, int floats)
    {
        CacheLines.AskFor(weights);
        if (floats > FloatsPerLine)
            CacheLines.AskFor(weights + FloatsPerLine);
        return weights + floats;
    }
}
