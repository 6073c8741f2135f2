using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

public sealed class AccuracyTests
{
    /// <summary>
    /// docs/arithmetic.md promises 1.6e-7 for sums of 1024 products in blocks of 64; one chain has 5.6e-7, blocks of 128
    /// have 2.1e-7.
    /// </summary>
    private const double RelativeRmsMost = 1.8e-7;

    [Fact]
    public void Compute_SumsOf1024Products_RelativeRmsErrorIsThatOfBlocks()
    {
        TestRandom random = new(7000);
        ConvTransposeLayer layer = new()
        {
            InputChannels = 256,
            OutputChannels = 4,
            Groups = 1,
            Geometry = new ConvTransposeGeometry
            {
                Input = [12, 12], Kernel = [4, 4], Strides = [2, 2], PadsBegin = [1, 1], PadsEnd = [1, 1],
                OutputPadding = [0, 0], Dilations = [1, 1],
            },
        };
        LayerCase layerCase = new(layer, random.Numbers(layer.WeightShape.Volume), [], random.Numbers(256 * 144));
        float[] actual = layerCase.Compute(KernelSelector.Select(layer), layerCase.WholeOutput);
        OracleValue[] exact = DoubleOracle.Compute(layerCase);
        double errors = actual.Zip(exact, (value, oracle) => Math.Pow(value - oracle.Value, 2)).Sum();
        double relativeRms = Math.Sqrt(errors / exact.Sum(oracle => oracle.Value * oracle.Value));
        Assert.InRange(relativeRms, 0, RelativeRmsMost);
        TestContext.Current.TestOutputHelper?.WriteLine($"relative rms error {relativeRms:E2}");
    }
}
