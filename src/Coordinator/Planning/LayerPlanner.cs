using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage.Onnx;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Works out one layer: its weights, its attributes, and how it fits the input.</summary>
public sealed class LayerPlanner(SourceOpener sources)
{
    /// <param name="algorithm">As the job asks for it; null for the default.</param>
    /// <param name="source">Null when the input could not be opened; then everything else is still checked.</param>
    /// <returns>Null when a problem was added or there is no input.</returns>
    public async Task<LayerDraft?> PlanAsync(
        LayerSpecification layer, string field, string? algorithm, SourceArray? source, List<Problem> problems,
        CancellationToken cancellationToken)
    {
        int before = problems.Count;
        OnnxNode? node = layer is { Weights: string reference, Preset: null }
            ? await sources.FindNodeAsync(reference, cancellationToken)
            : null;
        if (node is not null)
            layer = NodeAttributes.TakeOver(layer, node, field, problems) ?? layer;
        LayerRules.Check(layer, field, problems);
        LayerWeights? weights = layer.Preset is not null
            ? PresetPlanner.Plan(layer, field, source, problems)
            : await ReadWeightsAsync(layer, field, problems, cancellationToken);
        if (weights is not null && node?.KernelShape is { } kernel && !kernel.SequenceEqual(weights.Kernel))
        {
            problems.Add(new Problem(
                $"{field}.weights", $"The node's kernel_shape {string.Join(",", kernel)} is not that of its weights, {weights.Kernel}.",
                "export the model again"));
        }

        if (weights is null)
        {
            GeometryPlanner.CheckNumbers(layer, field, problems);
            await ReadSlopesAsync(layer, field, channels: null, problems, cancellationToken);
            return null;
        }

        ParameterArray? slopes = await ReadSlopesAsync(layer, field, weights.OutputChannels, problems, cancellationToken);
        AxisLayout? input = LayerRules.FitInput(weights, source, field, problems);
        ConvTransposeGeometry? geometry = GeometryPlanner.Plan(
            layer, field, weights, source is not null ? input?.Spatial(source.Info.Shape) : null, problems);
        if (input is null || geometry is null || source is null || problems.Count > before)
            return null;
        string border = layer.Border ?? (layer.Preset is null ? BorderNames.Zero : BorderNames.Replicate);
        if (Choose(algorithm, ToKernel(layer, weights, geometry, border), problems) is not ConvTransposeLayer chosen)
            return null;
        PlannedLayer planned = ToPlan(layer, weights, geometry, border) with
        {
            SlopeIdentity = slopes?.Identity,
            Algorithm = AlgorithmNames.Of(chosen),
        };
        return new LayerDraft(planned, chosen, input.Value);
    }

    /// <summary>The layer by the algorithm that the job asks for.</summary>
    private static ConvTransposeLayer? Choose(string? algorithm, ConvTransposeLayer layer, List<Problem> problems)
    {
        algorithm ??= AlgorithmNames.Auto;
        if (!AlgorithmNames.All.Contains(algorithm))
            return null; // has been said
        ConvTransposeLayer? chosen = AlgorithmNames.Apply(algorithm, layer);
        if (chosen is null)
        {
            ConvTransposeGeometry geometry = layer.Geometry;
            problems.Add(new Problem(
                "algorithm", $"There is no {algorithm} algorithm for kernel {geometry.Kernel} with strides {geometry.Strides}, dilations "
                + $"{geometry.Dilations} and {layer.InputChannelsPerGroup} input channels per group: the last axis needs a kernel "
                + "above the stride and at most twice it, dilation 1, a stride of at most 16, and a few thousand channels are the most.",
                "use auto or direct"));
        }

        return chosen;
    }

    private async Task<LayerWeights?> ReadWeightsAsync(
        LayerSpecification layer, string field, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (layer.Weights is null)
            return null;
        ParameterArray? weights = await sources.ReadParametersAsync($"{field}.weights", layer.Weights, problems, cancellationToken);
        ParameterArray? bias = layer.Bias is null
            ? null
            : await sources.ReadParametersAsync($"{field}.bias", layer.Bias, problems, cancellationToken);
        if (weights is null)
            return null;
        if (weights.Shape.Count is < 3 or > 2 + AxisVector.AxesMax)
        {
            problems.Add(new Problem(
                $"{field}.weights", $"{layer.Weights} has shape {weights.Shape}, "
                + "which is not [Cin, Cout/group, k...] with 1 to 3 kernel axes.",
                "a PyTorch ConvTranspose weight has this layout; a Conv weight has its channels the other way round"));
            return null;
        }

        long group = layer.Group ?? 1;
        if (group < AxisVector.ExtentMin || weights.Shape[0] % group != 0)
        {
            problems.Add(new Problem(
                $"{field}.group", $"{group} does not divide the {weights.Shape[0]} input channels of the weights {weights.Shape}.",
                "give a divisor of their first axis"));
            return null;
        }

        long channels = weights.Shape[1] * group;
        if (bias is not null && (bias.Shape.Count != 1 || bias.Shape[0] != channels))
        {
            problems.Add(new Problem(
                $"{field}.bias", $"{layer.Bias} has shape {bias.Shape}; the layer has {channels} output channels.", $"give [{channels}]"));
        }

        return new LayerWeights(
            checked((int)weights.Shape[0]), checked((int)channels), (int)group, weights.Shape.From(2),
            weights.Identity, bias?.Identity);
    }

    /// <summary>PyTorch keeps slopes as [C], ONNX as [C,1,1]; a single one stands for all channels.</summary>
    /// <param name="channels">Output channels; null when they are not known.</param>
    private async Task<ParameterArray?> ReadSlopesAsync(
        LayerSpecification layer, string field, int? channels, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (layer.Activation?.Slope is not string reference)
            return null;
        ParameterArray? slopes = await sources.ReadParametersAsync($"{field}.activation.slope", reference, problems, cancellationToken);
        if (slopes is not null && channels is not null && slopes.Values.Length != 1
            && (slopes.Shape[0] != channels || slopes.Values.Length != channels))
        {
            problems.Add(new Problem(
                $"{field}.activation.slope", $"{reference} has shape {slopes.Shape}; the layer has {channels} output channels.",
                $"give [{channels}], [{channels},1,1] or a single number"));
        }

        return slopes;
    }

    private static PlannedLayer ToPlan(
        LayerSpecification layer, LayerWeights weights, ConvTransposeGeometry geometry, string border) => new()
    {
        Weights = layer.Weights,
        WeightsIdentity = weights.Identity,
        Bias = layer.Bias,
        BiasIdentity = weights.BiasIdentity,
        Preset = layer.Preset,
        InputChannels = weights.InputChannels,
        OutputChannels = weights.OutputChannels,
        Group = weights.Group,
        Input = geometry.Input.ToArray(),
        Kernel = geometry.Kernel.ToArray(),
        Strides = geometry.Strides.ToArray(),
        PadsBegin = geometry.PadsBegin.ToArray(),
        PadsEnd = geometry.PadsEnd.ToArray(),
        OutputPadding = geometry.OutputPadding.ToArray(),
        Dilations = geometry.Dilations.ToArray(),
        Border = border,
        Algorithm = AlgorithmNames.Direct,
        Activation = layer.Activation,
    };

    private static ConvTransposeLayer ToKernel(
        LayerSpecification layer, LayerWeights weights, ConvTransposeGeometry geometry, string border) => new()
    {
        InputChannels = weights.InputChannels,
        OutputChannels = weights.OutputChannels,
        Groups = weights.Group,
        Geometry = geometry,
        Border = BorderNames.Read(border),
        Activation = ActivationNames.Read(layer.Activation),
    };
}
