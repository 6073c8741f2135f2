using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Tiling;

namespace Upweave.Tests;

/// <summary>The result of a plan by the definition: one item after the other, from the whole input, without tiles.</summary>
internal static class Oracle
{
    /// <param name="input">The whole input as float32.</param>
    /// <param name="weights">[Cin, Cout/groups, k...]; null for a preset.</param>
    /// <param name="slopes">Of a prelu.</param>
    public static float[] Compute(JobPlan plan, float[] input, float[]? weights, float[] bias, float[]? slopes = null)
    {
        PlanGeometry geometry = new(plan);
        ConvTransposeLayer layer = geometry.Layer with { Activation = geometry.Layer.Activation with { Slopes = slopes } };
        weights ??= Preset.Create(plan.Layers[0].Preset!, layer.Geometry.Strides, layer.InputChannels).Weights;
        Dims shape = Dims.Create([.. plan.Output.Shape]);
        Box region = new(Dims.Create([.. plan.Output.RegionOrigin]), geometry.Output.Spatial(shape));
        long batch = geometry.Output.Batch(shape);
        int itemIn = input.Length / (int)batch;
        float[] output = new float[shape.Volume];
        int itemOut = output.Length / (int)batch;
        for (int item = 0; item < batch; item++)
        {
            ConvTransposeDefinition.Compute(
                layer, weights, bias, input.AsSpan(item * itemIn, itemIn), Box.Whole(layer.Geometry.Input),
                output.AsSpan(item * itemOut, itemOut), region, TestContext.Current.CancellationToken);
        }

        return output;
    }
}
