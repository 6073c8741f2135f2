namespace Upweave.Kernels.Phases;

/// <summary>
/// Consecutive outputs of one phase in one row: what a tile of a technique works on. The next output reads one
/// element further on.
/// </summary>
internal readonly unsafe struct PhaseRun(
    float* input, nint channelStride, int channels, int channelsPerBlock, int* offsets, int taps, float* weights)
{
    /// <summary>The first output's own position in the first channel of the group.</summary>
    public readonly float* Input = input;

    /// <summary>Elements between channels of the input.</summary>
    public readonly nint ChannelStride = channelStride;

    /// <summary>Input channels of the group.</summary>
    public readonly int Channels = channels;

    /// <summary>Channels per block of the sum.</summary>
    public readonly int ChannelsPerBlock = channelsPerBlock;

    /// <summary>One per tap: where it reads, counted from the output's own position.</summary>
    public readonly int* Offsets = offsets;

    /// <summary>Taps of the phase; 0 in a gap, where all totals are +0.</summary>
    public readonly int Taps = taps;

    /// <summary>Packed for the technique, channel by channel.</summary>
    public readonly float* Weights = weights;

    /// <summary>The same run from a later output on.</summary>
    public PhaseRun Skip(int outputs) => new(Input + outputs, ChannelStride, Channels, ChannelsPerBlock, Offsets, Taps, Weights);

    /// <summary>Channels in the block that starts at a channel.</summary>
    public int BlockLength(int channel) => Math.Min(ChannelsPerBlock, Channels - channel);
}
