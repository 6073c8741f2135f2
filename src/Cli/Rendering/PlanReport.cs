using Upweave.Cli.Options;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.ServiceDefaults;

namespace Upweave.Cli.Rendering;

/// <summary>What a job would do, for people.</summary>
internal static class PlanReport
{
    public static Report Create(JobPlan plan, WorkerBounds bounds)
    {
        PlanPrediction cost = plan.Prediction;
        PlannedLayer layer = plan.Layers[0];
        Report report = new Report()
            .Row("input", plan.Input.Reference)
            .Row("", Array(plan.Input.Format, plan.Input.Axes, plan.Input.Shape, plan.Input.Dtype))
            .Row("output", plan.Output.Reference + (plan.Output.Replaces is null ? "" : "  (replaces what is there)"))
            .Row("", Array(plan.Output.Format, plan.Output.Axes, plan.Output.Shape, plan.Output.Dtype))
            .Row("chunks", Chunks(plan.Output))
            .Row("pyramid", plan.Output.Pyramid is { Count: > 0 } levels
                ? $"{Units.Count(levels.Count, "lower resolution")}, down to {Units.Shape(levels[^1].Shape)}"
                : null)
            .Gap();
        Layer(report, layer);
        return report.Gap()
            .Row("tiles", $"{Units.Count(cost.Tiles)} of {Units.Shape(plan.Output.Tile)}")
            .Row("halo", $"{Units.Share(cost.HaloShare)} of the input is read more than once")
            .Row("reads", $"{Units.Bytes(cost.BytesRead)}, uncompressed")
            .Row("writes", $"{Units.Bytes(cost.BytesWritten)}, uncompressed")
            .Row("work", Units.Flops(cost.Flops))
            .Row("memory", Memory(cost, bounds))
            .Row("algorithm", Algorithm(plan, bounds.Device));
    }

    private static string Array(string format, string axes, IReadOnlyList<long> shape, string dtype) =>
        $"{format}  {axes} {Units.Shape(shape)}  {dtype}";

    private static string? Chunks(PlannedOutput output)
    {
        if (!OutputFormats.IsZarr(output.Format) && !OutputFormats.IsTiff(output.Format))
            return null;
        string level = output.CompressionLevel is int asked ? $" {asked}" : "";
        return $"{Units.Shape(output.Chunk)}, {output.Compression}{level}{(output.IsSharded ? ", a shard for each tile" : "")}";
    }

    private static void Layer(Report report, PlannedLayer layer) => report
        .Row("layer", layer.Preset is null ? layer.Weights : $"{layer.Preset} x{string.Join(",", layer.Strides)}")
        .Row("bias", layer.Bias)
        .Row("channels", $"{layer.InputChannels} to {layer.OutputChannels}" + (layer.Group == 1 ? "" : $" in {layer.Group} groups"))
        .Row("kernel", Units.Shape(layer.Kernel))
        .Row("strides", List(layer.Strides))
        .Row("pads", $"{List(layer.PadsBegin)} before, {List(layer.PadsEnd)} after")
        .Row("output padding", layer.OutputPadding.All(value => value == 0) ? null : List(layer.OutputPadding))
        .Row("dilations", layer.Dilations.All(value => value == 1) ? null : List(layer.Dilations))
        .Row("border", layer.Border)
        .Row("activation", Activation(layer.Activation));

    private static string Memory(PlanPrediction cost, WorkerBounds bounds)
    {
        long total = checked((cost.TileBytes * TileFootprint.TilesHeld(bounds.Slots)) + cost.WeightBytes + cost.KeptBytes);
        return $"{Units.Memory(cost.TileBytes)} per tile, {Units.Memory(total)} for {Units.Count(bounds.Slots, "slot")} "
            + $"({Units.Memory(bounds.MemoryBytes)} allowed)";
    }

    private static string Algorithm(JobPlan plan, DeviceChoice device) =>
        $"{plan.Layers[0].Algorithm} (arithmetic {plan.Arithmetic}, {plan.Precision}), "
        + (device.Kind == DeviceChoiceKind.Gpu ? $"on {device}" : $"here by {KernelSelector.Select(new PlanGeometry(plan).Layer)}");

    private static string? Activation(ActivationSpecification? activation) => activation?.Type switch
    {
        null => null,
        "leaky_relu" => $"leaky_relu, alpha {Units.Digits(activation.Alpha ?? 0.01)}",
        "prelu" => $"prelu, slope {activation.Slope}",
        "clip" => $"clip, {activation.Minimum?.ToString() ?? "no minimum"} to {activation.Maximum?.ToString() ?? "no maximum"}",
        string type => type,
    };

    private static string List(IReadOnlyList<long> values) => string.Join(",", values);
}
