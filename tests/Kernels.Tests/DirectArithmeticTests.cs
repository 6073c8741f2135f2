using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

public sealed class DirectArithmeticTests
{
    [Theory]
    [InlineData(2, 4, 2, 1, 16)] // 2 x 2 taps
    [InlineData(2, 9, 2, 1, 2)] // 5 x 5 taps, 64 / 25
    [InlineData(2, 64, 1, 1, 1)] // 4096 taps: one channel alone exceeds a block
    [InlineData(1, 4, 2, 2, 16)] // all 4 taps in one phase, the other is a gap
    [InlineData(1, 3, 4, 2, 32)] // taps 0 and 2 share a phase
    [InlineData(1, 3, 4, 1, 64)] // one tap each, and a gap
    [InlineData(3, 3, 2, 1, 8)] // 2 x 2 x 2 taps
    public void ChannelsPerBlock_Shape_IsAsWorkedOutByHand(int rank, int kernel, int stride, int dilation, int expected)
    {
        Dims zero = Dims.Repeat(0, rank);
        ConvTransposeLayer layer = new()
        {
            InputChannels = 1,
            OutputChannels = 1,
            Groups = 1,
            Geometry = new ConvTransposeGeometry
            {
                Input = Dims.Repeat(5, rank), Kernel = Dims.Repeat(kernel, rank), Strides = Dims.Repeat(stride, rank),
                Dilations = Dims.Repeat(dilation, rank), PadsBegin = zero, PadsEnd = zero, OutputPadding = zero,
            },
        };
        Assert.Equal(expected, DirectArithmetic.ChannelsPerBlock(layer));
    }
}
