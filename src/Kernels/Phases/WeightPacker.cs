namespace Upweave.Kernels.Phases;

/// <summary>Copies weights into the order in which a technique reads them.</summary>
internal static unsafe class WeightPacker
{
    /// <summary>
    /// Writes [input channel of the group][tap of the phase][lane], a lane being an output channel. Lanes beyond
    /// <paramref name="live"/> get 0 and are never stored.
    /// </summary>
    /// <param name="target">Cin/groups * taps * <paramref name="width"/> floats.</param>
    /// <param name="weights">[Cin, Cout/groups, k...]</param>
    /// <param name="taps">The phase's.</param>
    /// <param name="firstChannel">Of the lanes, counted in the group.</param>
    public static void Pack(
        float* target, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<SpatialTap> taps,
        int group, int firstChannel, int width, int live)
    {
        int kernel = (int)layer.Geometry.Kernel.Volume;
        for (int channel = 0; channel < layer.InputChannelsPerGroup; channel++)
        {
            int inputChannel = (group * layer.InputChannelsPerGroup) + channel;
            int row = (inputChannel * layer.OutputChannelsPerGroup) + firstChannel;
            foreach (SpatialTap tap in taps)
            {
                for (int lane = 0; lane < width; lane++)
                    *target++ = lane < live ? weights[((row + lane) * kernel) + tap.KernelIndex] : 0f;
            }
        }
    }
}
