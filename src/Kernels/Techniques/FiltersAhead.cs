using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Asks for the lines that a block's outputs will be stored to, a few lanes at a time while their sums are computed. The rows are
/// short and each channel's lie in pages of their own, so the processor does not foresee them; and a store that has to wait for
/// its line holds up all stores behind it.
/// </summary>
/// <param name="outputs">The pass's first output of a row, in the block's first channel of the first batch item.</param>
/// <param name="channelStride">From one channel to the next.</param>
/// <param name="lanes">Channels of the block; 0: nothing is asked for.</param>
/// <param name="rows">Where rows of outputs begin.</param>
/// <param name="length">Outputs of a row in the pass.</param>
/// <param name="parts">How often something is asked for.</param>
internal readonly unsafe struct FiltersAhead(
    float* outputs, nint channelStride, int lanes, int* rows, int rowCount, int length, int parts)
{
    /// <summary>Into the second-level cache: the first one has the weights and inputs at hand.</summary>
    public void AskForOutput(int part)
    {
        int end = (int)((long)lanes * (part + 1) / parts);
        for (int lane = (int)((long)lanes * part / parts); lane < end; lane++)
        {
            float* output = outputs + (lane * channelStride);
            for (int row = 0; row < rowCount; row++)
                CacheLines.AskForSecondLevel(output + rows[row], length);
        }
    }
}
