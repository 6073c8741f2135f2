namespace Upweave.Kernels.Techniques;

/// <summary>What is done to all rows of totals at once.</summary>
internal static unsafe class RowsTotals
{
    public static void Clear(float* totals, int rows, nint pitch, int count)
    {
        for (; rows > 0; rows--, totals += pitch)
            new Span<float>(totals, count).Clear();
    }

    /// <summary>totals += subtotals</summary>
    /// <param name="count">Of each row; a multiple of 4, as every vector width is.</param>
    public static void Add(float* totals, float* subtotals, int rows, nint pitch, int count)
    {
        for (; rows > 0; rows--, totals += pitch, subtotals += pitch)
        {
            int lane = 0;
            for (; count - lane >= System.Runtime.Intrinsics.Vector256<float>.Count; lane += 8)
            {
                var sum = System.Runtime.Intrinsics.Vector256.Load(totals + lane)
                    + System.Runtime.Intrinsics.Vector256.Load(subtotals + lane);
                System.Runtime.Intrinsics.Vector256.Store(sum, totals + lane);
            }

            for (; lane < count; lane++)
                totals[lane] += subtotals[lane];
        }
    }
}
