using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

/// <summary>
/// No technique reads or writes outside its spans: input, output and workspace each lie beside forbidden pages. (The minimal
/// algorithm's: <see cref="MinimalTests"/>.)
/// </summary>
public sealed class GuardPageTests
{
    public static TheoryData<string, GuardSide> Cases
    {
        get
        {
            TheoryData<string, GuardSide> cases = [];
            foreach (string technique in KernelSelector.Techniques.Where(name => name != AlgorithmNames.Minimal))
            {
                cases.Add(technique, GuardSide.Before);
                cases.Add(technique, GuardSide.After);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compute_GuardedSpans_StaysInside(string technique, GuardSide side)
    {
        for (int seed = 4000; seed < 4150; seed++)
        {
            LayerCase layer = LayerGenerator.Create(seed);
            if (!KernelSelector.Supports(technique, layer.Layer))
                continue;
            using IConvTransposeKernel kernel = KernelSelector.Create(technique, layer.Layer, layer.Weights, layer.Bias);
            Compute(kernel, layer, layer.WholeOutput, side, seed);
            Compute(kernel, layer, LayerGenerator.Inside(layer.WholeOutput, new TestRandom((ulong)seed)), side, seed);
        }
    }

    private static void Compute(IConvTransposeKernel kernel, LayerCase layer, Box outputBox, GuardSide side, int seed)
    {
        Box inputBox = layer.Layer.Geometry.ReadRegion(outputBox);
        using GuardedFloats input = new(layer.PaddedInput(inputBox), side);
        using GuardedFloats output = new((int)(layer.Layer.OutputChannels * outputBox.Volume), side);
        using GuardedFloats workspace = new((int)KernelSelector.WorkspaceLength(kernel.Technique, layer.Layer, outputBox.Shape), side);
        kernel.Compute(input.Span, inputBox, output.Span, outputBox, 1, workspace.Span, TestContext.Current.CancellationToken);
        BitAssert.Equal(layer.Define(outputBox), output.Span, $"{kernel.Technique}, seed {seed}, box {outputBox}");
    }
}
