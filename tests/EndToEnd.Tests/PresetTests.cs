using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>The presets against PyTorch's formulas, borders included.</summary>
public sealed class PresetTests : IDisposable
{
    private const ulong Seed = 2602;
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("nearest", 3, new long[] { 2, 5, 6 })]
    [InlineData("linear", 2, new long[] { 2, 7, 5 })]
    [InlineData("linear", 3, new long[] { 1, 4, 6 })]
    [InlineData("linear", 2, new long[] { 1, 4, 5, 6 })]
    [InlineData("bicubic", 2, new long[] { 3, 6, 7 })]
    [InlineData("bicubic", 3, new long[] { 1, 3, 5 })]
    [InlineData("bicubic", 4, new long[] { 1, 2, 1 })]
    public async Task Run_Preset_EqualsInterpolate(string preset, int scale, long[] shape)
    {
        NpyArray input = NpyArray.Random(Seed, shape);
        folder.Write("x.npy", input);
        string scales = string.Join(',', Enumerable.Repeat(scale, shape.Length - 1));
        await folder.SucceedAsync($"run x.npy y.npy --preset {preset} --scale {scales} --tile 3");
        double[] expected = InterpolationOracle.Enlarge(preset, [.. input.Floats.Select(value => (double)value)], shape, 1, scale);
        NpyArray actual = folder.Read("y.npy");
        Assert.Equal([shape[0], .. shape[1..].Select(extent => extent * scale)], actual.Shape);
        FloatAssert.Within(2e-6, expected, actual.Floats);
    }

    [Fact]
    public async Task Run_LinearOnBytes_RoundsHalfToEven()
    {
        // Between 0 and 2 lie 0.5 and 1.5, between 2 and 4 lie 2.5 and 3.5: all exact in float32.
        folder.Write("x.npy", NpyArray.UInt8([3], [0, 2, 4]));
        await folder.SucceedAsync("run x.npy y.npy --preset linear --scale 2");
        NpyArray actual = folder.Read("y.npy");
        Assert.Equal("|u1", actual.Descr);
        Assert.Equal([0, 0, 2, 2, 4, 4], actual.Bytes);
    }

    [Fact]
    public async Task Run_BicubicOnBytes_SaturatesOvershoot()
    {
        // A step: cubic convolution goes below 0 before it and above 255 after it.
        byte[] step = [0, 0, 0, 255, 255, 255];
        folder.Write("x.npy", NpyArray.UInt8([6], step));
        await folder.SucceedAsync("run x.npy y.npy --preset bicubic --scale 2");
        double[] exact = InterpolationOracle.Enlarge("bicubic", [.. step.Select(value => (double)value)], [6], 0, 2);
        Assert.Contains(exact, value => value < -1);
        Assert.Contains(exact, value => value > 256);
        Assert.Equal(exact.Select(value => (byte)Math.Clamp(Math.Round(value, MidpointRounding.ToEven), 0, 255)), folder.Read("y.npy").Bytes);
    }
}
