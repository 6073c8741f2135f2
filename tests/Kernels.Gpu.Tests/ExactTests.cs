using Upweave.Kernels.Gpu.Techniques;
using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Gpu.Tests;

/// <summary>What a device computes in exact mode has the definition's bits, for every technique, shape and box.</summary>
public sealed class ExactTests(PoclDevice pocl)
{
    /// <summary>Compiling takes most of the time: a program holds its layer's numbers.</summary>
    private const int Shapes = 24;

    /// <summary>One, two and four positions of one to four filters.</summary>
    private const int StencilShapes = 12;

    [Theory]
    [InlineData("outputs")]
    [InlineData("panels")]
    public void Compute_GeneratedShapes_EqualsDefinition(string technique)
    {
        for (int seed = 0; seed < Shapes; seed++)
        {
            LayerCase layer = LayerGenerator.Create(seed);
            if (technique == "panels" && layer.Layer.InputChannelsPerGroup == 1)
                continue;
            using IConvTransposeKernel kernel = Create(technique, layer);
            TestRandom random = new((ulong)seed);
            Check(kernel, layer, layer.WholeOutput, $"seed {seed}");
            Check(kernel, layer, LayerGenerator.Inside(layer.WholeOutput, random), $"seed {seed}");
        }
    }

    [Fact]
    public void Compute_EveryCutOfPanels_EqualsDefinition()
    {
        foreach (PanelsShape shape in PanelsShape.All)
        {
            foreach (bool isSplit in new[] { false, true })
            {
                for (int seed = 100; seed < 104; seed++)
                {
                    LayerCase layer = LayerGenerator.Create(seed);
                    GpuPanelsTechnique technique = new(pocl.Device, layer.Layer, layer.Weights, layer.Bias, new PanelsChoice(shape, isSplit));
                    using GpuKernel kernel = new(pocl.Device, layer.Layer, layer.Weights, layer.Bias, technique, Assert.Fail);
                    Check(kernel, layer, layer.WholeOutput, $"seed {seed}, {shape}, split {isSplit}");
                }
            }
        }
    }

    [Fact]
    public void Compute_EveryCutOfStencils_EqualsDefinition()
    {
        HashSet<StencilShape> computed = [];
        for (int seed = 0; seed < 4000 && computed.Count < StencilShapes; seed++)
        {
            LayerCase layer = LayerGenerator.Create(seed);
            if (!GpuStencilTechnique.CanCompute(layer.Layer) || layer.Layer.InputChannelsPerGroup == 1)
                continue;
            TestRandom random = new((ulong)seed);
            foreach (StencilShape shape in StencilShape.All(layer.Layer).Where(shape => !computed.Contains(shape)))
            {
                GpuStencilTechnique technique = new(pocl.Device, layer.Layer, layer.Weights, layer.Bias, shape);
                using GpuKernel kernel = new(pocl.Device, layer.Layer, layer.Weights, layer.Bias, technique, Assert.Fail);
                Check(kernel, layer, layer.WholeOutput, $"seed {seed}, {shape}");
                Check(kernel, layer, LayerGenerator.Inside(layer.WholeOutput, random), $"seed {seed}, {shape}");
                computed.Add(shape);
            }
        }

        Assert.Equal(StencilShapes, computed.Count);
    }

    /// <summary>More phases than tables hold.</summary>
    [Fact]
    public void Compute_LargestStrides_EqualsDefinition()
    {
        ConvTransposeLayer layer = new()
        {
            InputChannels = 2,
            OutputChannels = 1,
            Groups = 1,
            Geometry = new ConvTransposeGeometry
            {
                Input = [1, 2], Kernel = [300, 301], Strides = [300, 300], Dilations = [1, 1],
                PadsBegin = [0, 0], PadsEnd = [0, 0], OutputPadding = [0, 0],
            },
        };
        TestRandom random = new(77);
        LayerCase large = new(layer, random.Numbers(layer.WeightShape.Volume), [], random.Numbers(4));
        using IConvTransposeKernel kernel = GpuKernelSelector.Create(
            pocl.Device, layer, large.Weights, large.Bias, precision: null, Assert.Fail);
        Assert.Equal("gpu-outputs", kernel.Technique);
        Check(kernel, large, large.WholeOutput, "strides of 300");
    }

    [Fact]
    public void Compute_MinimalShapes_EqualsDefinition()
    {
        for (int seed = 8100; seed < 8100 + Shapes; seed++)
        {
            LayerCase layer = LayerGenerator.CreateMinimal(seed);
            TestRandom random = new((ulong)seed);
            if (seed % 4 == 0)
                layer.Input[random.Between(0, layer.Input.Length - 1)] = random.Of(float.NaN, float.PositiveInfinity, float.MaxValue);
            using IConvTransposeKernel kernel = GpuKernelSelector.Create(pocl.Device, layer.Layer, layer.Weights, layer.Bias, precision: null, Assert.Fail);
            Check(kernel, layer, layer.WholeOutput, $"seed {seed}");
            Check(kernel, layer, LayerGenerator.Inside(layer.WholeOutput, random), $"seed {seed}");
        }
    }

    private GpuKernel Create(string technique, LayerCase layer) => new(
        pocl.Device, layer.Layer, layer.Weights, layer.Bias, Technique(technique, layer), Assert.Fail);

    private IGpuTechnique Technique(string name, LayerCase layer) => name switch
    {
        "outputs" => new GpuOutputsTechnique(pocl.Device, layer.Layer, layer.Weights, layer.Bias),
        "panels" => new GpuPanelsTechnique(pocl.Device, layer.Layer, layer.Weights, layer.Bias),
        _ => throw new ArgumentException(name, nameof(name)),
    };

    private static void Check(IConvTransposeKernel kernel, LayerCase layer, Box box, string what) =>
        BitAssert.Equal(
            layer.Define(box), layer.Compute(kernel, box, workspaceLength: 0), $"{kernel.Technique}, {what}, box {box}, {layer.Layer}");
}
