using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Storage.Onnx;

namespace Upweave.Coordinator.Planning;

/// <summary>Takes an ONNX node's weights, bias and attributes over into a layer; what the layer states itself must agree.</summary>
public static class NodeAttributes
{
    private const string NotSet = "NOTSET";

    /// <returns>The layer with everything that the node says; null when a problem was added.</returns>
    public static LayerSpecification? TakeOver(LayerSpecification layer, OnnxNode node, string field, ICollection<Problem> problems)
    {
        int before = problems.Count;
        string autoPad = node.AutoPad ?? NotSet;
        // By ONNX's rules a node's pads do not count where they are worked out.
        IReadOnlyList<long>? pads = node.OutputShape is null && autoPad == NotSet ? node.Pads ?? [0] : null;
        void Agree(string name, IReadOnlyList<long>? stated, IReadOnlyList<long>? taken)
        {
            if (stated is not null && !IsSame(stated, taken))
                problems.Add(Contradiction(layer, $"{field}.{name}", Text(stated), Text(taken)));
        }

        Agree("strides", layer.Strides, node.Strides ?? [1]);
        Agree("pads", layer.Pads, pads);
        Agree("output_padding", layer.OutputPadding, node.OutputPadding ?? [0]);
        Agree("dilations", layer.Dilations, node.Dilations ?? [1]);
        Agree("output_shape", layer.OutputShape, node.OutputShape);
        if (layer.Group is long group && group != (node.Group ?? 1))
            problems.Add(Contradiction(layer, $"{field}.group", $"{group}", $"{node.Group ?? 1}"));
        if (layer.AutoPad is not null && layer.AutoPad != autoPad)
            problems.Add(Contradiction(layer, $"{field}.auto_pad", layer.AutoPad, autoPad));
        if (layer.Bias is not null && node.Bias is not null && layer.Bias != node.Bias)
            problems.Add(Contradiction(layer, $"{field}.bias", layer.Bias, node.Bias));
        if (problems.Count > before)
            return null;
        return layer with
        {
            Weights = node.Weights,
            Bias = layer.Bias ?? node.Bias,
            Strides = layer.Strides ?? node.Strides,
            Pads = layer.Pads ?? pads,
            OutputPadding = layer.OutputPadding ?? node.OutputPadding,
            Dilations = layer.Dilations ?? node.Dilations,
            OutputShape = layer.OutputShape ?? node.OutputShape,
            Group = layer.Group ?? node.Group,
            AutoPad = layer.AutoPad ?? node.AutoPad,
        };
    }

    /// <summary>A single number stands for every axis.</summary>
    private static bool IsSame(IReadOnlyList<long> stated, IReadOnlyList<long>? taken)
    {
        if (taken is null)
            return false;
        if (stated.Count == 1)
            return taken.All(value => value == stated[0]);
        return taken.Count == 1 ? stated.All(value => value == taken[0]) : stated.SequenceEqual(taken);
    }

    private static string Text(IReadOnlyList<long>? values) => values is null ? "nothing" : string.Join(",", values);

    private static Problem Contradiction(LayerSpecification layer, string field, string stated, string taken) =>
        new(field, $"{stated} is stated, and the node {layer.Weights} says {taken}.", "leave it out: the node's is taken over");
}
