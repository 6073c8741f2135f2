using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

/// <summary>The environment variable belongs to the process, so these run alone.</summary>
[Collection(nameof(SelectorTests))]
[CollectionDefinition(nameof(SelectorTests), DisableParallelization = true)]
public sealed class SelectorTests : IDisposable
{
    private readonly LayerCase layer = LayerGenerator.Create(1);

    public void Dispose() => Environment.SetEnvironmentVariable(KernelSelector.ForcingVariable, null);

    [Theory]
    [InlineData("definition")]
    public void Create_Forced_UsesThatTechnique(string technique)
    {
        Environment.SetEnvironmentVariable(KernelSelector.ForcingVariable, technique);
        using IConvTransposeKernel kernel = KernelSelector.Create(layer.Layer, layer.Weights, layer.Bias);
        Assert.Equal(technique, kernel.Technique);
        Assert.Equal(technique, KernelSelector.Select(layer.Layer));
        BitAssert.Equal(layer.Define(layer.WholeOutput), layer.Compute(kernel, layer.WholeOutput), technique);
    }

    [Fact]
    public void Select_UnknownTechnique_NamesTheOptions()
    {
        Environment.SetEnvironmentVariable(KernelSelector.ForcingVariable, "fastest");
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => KernelSelector.Select(layer.Layer));
        Assert.Contains("\"fastest\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("set UPWEAVE_KERNEL to one of definition", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WeightNotFinite_IsNamed()
    {
        layer.Weights[^1] = float.PositiveInfinity;
        ArgumentException error = Assert.Throws<ArgumentException>(() => KernelSelector.Create(layer.Layer, layer.Weights, layer.Bias));
        Assert.Contains($"weights[{layer.Weights.Length - 1}]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TooFewWeights_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => KernelSelector.Create(layer.Layer, layer.Weights.AsSpan(1), layer.Bias));
        Assert.Contains($"{layer.Weights.Length} floats", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ClipUpsideDown_IsRefused() => Assert.Throws<ArgumentException>(() => KernelSelector.Create(
        layer.Layer with { Activation = new Activation(ActivationKind.Clip, Minimum: 1, Maximum: 0) }, layer.Weights, layer.Bias));

    [Fact]
    public void WorkspaceLength_LargeTile_StaysSmall()
    {
        ConvTransposeGeometry geometry = layer.Layer.Geometry;
        ConvTransposeLayer wide = layer.Layer with { Geometry = geometry with { Strides = Dims.Repeat(4, geometry.Rank) } };
        Dims tile = Dims.Repeat(1 << 20, geometry.Rank);
        foreach (string technique in KernelSelector.Techniques.Where(name => KernelSelector.Supports(name, wide)))
            Assert.InRange(KernelSelector.WorkspaceLength(technique, wide, tile) * sizeof(float), 0, 1 << 20);
    }
}
