using Upweave.Kernels.Gpu.Techniques;
using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Gpu.Tests;

/// <summary>
/// The fast mode is as near to the truth as its rounding of inputs and weights allows. On a device without NVIDIA's instructions the same
/// program multiplies the same rounded numbers one by one.
/// </summary>
public sealed class FastTests(PoclDevice pocl)
{
    private const int Shapes = 8;

    [Theory]
    [InlineData(FastPrecision.Tf32, 11)]
    [InlineData(FastPrecision.Float16, 11)]
    [InlineData(FastPrecision.BFloat16, 8)]
    public void Compute_GeneratedShapes_IsWithinTheRounding(FastPrecision precision, int significandBits)
    {
        int checkedLayers = 0;
        for (int seed = 300; checkedLayers < Shapes; seed++)
        {
            LayerCase layer = LayerGenerator.Create(seed);
            if (layer.Layer.InputChannelsPerGroup == 1)
                continue;
            layer = layer with { Layer = layer.Layer with { Activation = Activation.None } };
            TensorShape shape = TensorShape.All[checkedLayers % TensorShape.All.Length];
            GpuTensorTechnique technique = new(
                pocl.Device, layer.Layer, layer.Weights, layer.Bias, precision, (shape, checkedLayers % 3 == 0 ? 3 : 1));
            using GpuKernel kernel = new(pocl.Device, layer.Layer, layer.Weights, layer.Bias, technique, Assert.Fail);
            Check(layer, layer.Compute(kernel, layer.WholeOutput, workspaceLength: 0), significandBits, $"{precision}, seed {seed}, {shape}");
            checkedLayers++;
        }
    }

    /// <summary>The proof that matrix units give passes where they are right: here, one by one.</summary>
    [Theory]
    [InlineData(FastPrecision.Tf32)]
    [InlineData(FastPrecision.Float16)]
    [InlineData(FastPrecision.BFloat16)]
    public void Prove_RightProducts_Passes(FastPrecision precision) => Assert.Null(FastProof.Run(pocl.Device, precision));

    /// <summary>Without matrix units a fast job is computed exactly, and says so.</summary>
    [Fact]
    public void Create_NoMatrixUnits_ComputesExactly()
    {
        LayerCase layer = Enumerable.Range(300, 100).Select(LayerGenerator.Create)
            .First(made => made.Layer.InputChannelsPerGroup > 1 && !GpuStencilTechnique.CanCompute(made.Layer));
        List<string> warnings = [];
        using IConvTransposeKernel kernel = GpuKernelSelector.Create(
            pocl.Device, layer.Layer, layer.Weights, layer.Bias, FastPrecision.Tf32, warnings.Add);
        BitAssert.Equal(layer.Define(layer.WholeOutput), layer.Compute(kernel, layer.WholeOutput, workspaceLength: 0), "exact");
        Assert.Contains("matrix units", Assert.Single(warnings), StringComparison.Ordinal);
    }

    /// <summary>Few filters would leave matrix units mostly empty: nobody is asked for any, and nothing is rounded.</summary>
    [Fact]
    public void Create_FewFilters_ComputesExactlyWithoutAWord()
    {
        LayerCase layer = Enumerable.Range(0, 400).Select(LayerGenerator.Create)
            .First(made => made.Layer.InputChannelsPerGroup > 1 && GpuStencilTechnique.CanCompute(made.Layer));
        using IConvTransposeKernel kernel = GpuKernelSelector.Create(
            pocl.Device, layer.Layer, layer.Weights, layer.Bias, FastPrecision.Float16, Assert.Fail);
        Assert.Equal("gpu-stencil", kernel.Technique);
        BitAssert.Equal(layer.Define(layer.WholeOutput), layer.Compute(kernel, layer.WholeOutput, workspaceLength: 0), "exact");
    }

    /// <summary>
    /// Each factor is rounded by at most half a unit of its last place, u relative, so a product is off by 2u + u * u; and each of the
    /// sum's additions by a unit of float32's. A number below fp16's normal range, 2^-14, is off by 2^-25: nothing beside a term sum.
    /// </summary>
    private static void Check(LayerCase layer, float[] actual, int significandBits, string what)
    {
        OracleValue[] expected = DoubleOracle.Compute(layer);
        double u = Math.Pow(2, -significandBits);
        double additions = layer.Layer.InputChannelsPerGroup * layer.Layer.Geometry.Kernel.Volume * Math.Pow(2, -23);
        for (int index = 0; index < actual.Length; index++)
        {
            double bound = expected[index].TermSum * ((2 * u) + (u * u) + additions) + Math.Pow(2, -20);
            double error = Math.Abs(actual[index] - expected[index].Value);
            Assert.True(error <= bound, $"{what}, {layer.Layer}: element {index} is off by {error}, allowed {bound}");
        }
    }
}
