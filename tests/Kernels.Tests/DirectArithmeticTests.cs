using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

public sealed class DirectArithmeticTests
{
    [Theory]
    [InlineData(1, 1, 4)] // one channel: four taps make a block
    [InlineData(7, 7, 1)]
    [InlineData(8, 4, 1)]
    [InlineData(21, 11, 1)]
    [InlineData(128, 64, 1)]
    [InlineData(129, 43, 1)] // three blocks of 43
    [InlineData(1026, 61, 1)] // seventeen: 16 of 61 and one of 50
    public void Blocks_InputChannels_AreAsWorkedOutByHand(int inputChannels, int channels, int taps)
    {
        ConvTransposeLayer layer = Layer(inputChannels, extent: 5);
        Assert.Equal(channels, DirectArithmetic.ChannelsPerBlock(layer));
        Assert.Equal(taps, DirectArithmetic.TapsPerBlock(layer));
    }

    [Fact]
    public void ChannelsPerBlock_InputOfOnePosition_IsSmaller() =>
        Assert.Equal(15, DirectArithmetic.ChannelsPerBlock(Layer(inputChannels: 100, extent: 1)));

    /// <summary>Channels count per group.</summary>
    private static ConvTransposeLayer Layer(int inputChannels, int extent) => new()
    {
        InputChannels = 3 * inputChannels,
        OutputChannels = 3,
        Groups = 3,
        Geometry = new ConvTransposeGeometry
        {
            Input = [1, extent], Kernel = [4, 4], Strides = [2, 2], Dilations = [1, 1], PadsBegin = [0, 0], PadsEnd = [0, 0],
            OutputPadding = [0, 0],
        },
    };
}
