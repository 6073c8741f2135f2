using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>
/// The constants of the direct algorithm that docs/arithmetic.md fixes. Changing one changes bits, so it needs a new
/// version.
/// </summary>
public static class DirectArithmetic
{
    /// <summary>The version of docs/arithmetic.md that every technique here follows; a plan records it.</summary>
    public const int ArithmeticVersion = 3;

    private const int ChannelsPerBlockMost = 64;
    private const int ChannelsPerBlockOfOnePosition = 16;
    private const int ChannelsWorthTwoBlocks = 8;
    private const int TapsPerBlockOfOneChannel = 4;

    /// <summary>Input channels of a group in one block of the sum; the last block of a group may have fewer.</summary>
    public static int ChannelsPerBlock(ConvTransposeLayer layer)
    {
        int channels = layer.InputChannelsPerGroup;
        return (int)IntegerMath.CeilDiv(channels, Parts(layer, channels));
    }

    /// <summary>Taps of a phase in one block of the sum.</summary>
    public static int TapsPerBlock(ConvTransposeLayer layer) => layer.InputChannelsPerGroup == 1 ? TapsPerBlockOfOneChannel : 1;

    private static long Parts(ConvTransposeLayer layer, int channels)
    {
        if (layer.Geometry.Input.Volume == 1)
            return IntegerMath.CeilDiv(channels, ChannelsPerBlockOfOnePosition);
        if (channels > 2 * ChannelsPerBlockMost)
            return IntegerMath.CeilDiv(channels, ChannelsPerBlockMost);
        return channels < ChannelsWorthTwoBlocks ? 1 : 2;
    }
}
