using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Planning;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>What must hold for a layer beside its numbers.</summary>
public static class LayerRules
{
    /// <summary>Checks names, and that the fields go together.</summary>
    public static void Check(LayerSpecification layer, string field, ICollection<Problem> problems)
    {
        if (layer.Weights is null && layer.Preset is null)
            problems.Add(new Problem(field, "The layer has neither weights nor a preset.", "give one of them"));
        if (layer.Preset is not null)
            CheckPresetStandsAlone(layer, field, problems);
        else if (layer.Scale is not null)
            problems.Add(new Problem($"{field}.scale", "A scale goes with a preset only.", "give strides instead"));
        SpecificationRules.OneOf($"{field}.border", layer.Border, BorderNames.All, problems);
        SpecificationRules.OneOf($"{field}.auto_pad", layer.AutoPad, AutoPadNames.All, problems);
        if (layer.AutoPad is not null and not AutoPadNames.NotSet && layer.Pads is not null)
            problems.Add(new Problem($"{field}.pads", $"Pads and auto_pad {layer.AutoPad} exclude each other.", "leave one out"));
        if (layer.OutputShape is not null && layer.Pads is not null)
            problems.Add(new Problem($"{field}.pads", "Pads and output_shape exclude each other.", "leave one out"));
        if (layer.Activation is not null)
            CheckActivation(layer.Activation, $"{field}.activation", problems);
    }

    /// <summary>Which axes of the input the layer runs over.</summary>
    /// <returns>Null when a problem was added or there is no input.</returns>
    public static AxisLayout? FitInput(LayerWeights weights, SourceArray? source, string field, ICollection<Problem> problems)
    {
        if (source is null)
            return null;
        int rank = weights.SpatialRank;
        AxisLayout? layout = source.Layout(rank);
        if (layout is null)
        {
            string axes = source.Info.Axes is null ? "" : $" with axes {source.Info.Axes}";
            problems.Add(new Problem(
                "input", $"{source.Description}{axes} does not fit a layer with {rank} spatial axes.",
                $"it must be {Shapes(rank)}"));
            return null;
        }

        long channels = layout.Value.Channels(source.Info.Shape);
        if (channels != weights.InputChannels)
        {
            problems.Add(new Problem(
                $"{field}.weights", $"The weights take {weights.InputChannels} input channels; {source.Description} has {channels}.",
                "the first axis of the weights is the input channels"));
            return null;
        }

        return layout;
    }

    private static void CheckPresetStandsAlone(LayerSpecification layer, string field, ICollection<Problem> problems)
    {
        (string Name, object? Value)[] others =
        [
            ("weights", layer.Weights), ("bias", layer.Bias), ("strides", layer.Strides), ("pads", layer.Pads),
            ("output_padding", layer.OutputPadding), ("dilations", layer.Dilations), ("group", layer.Group),
            ("auto_pad", layer.AutoPad), ("output_shape", layer.OutputShape),
        ];
        foreach ((string name, object? value) in others)
        {
            if (value is not null)
                problems.Add(new Problem($"{field}.{name}", $"The preset {layer.Preset} brings its own {name}.", "leave it out"));
        }
    }

    private static void CheckActivation(ActivationSpecification activation, string field, ICollection<Problem> problems)
    {
        SpecificationRules.OneOf($"{field}.type", activation.Type ?? "", ActivationNames.All, problems);
        if (activation.Alpha is not null && (activation.Type != "leaky_relu" || !float.IsFinite((float)activation.Alpha)))
            problems.Add(new Problem($"{field}.alpha", "Alpha is a finite number that goes with leaky_relu only."));
        if (activation.Slope is null == (activation.Type == "prelu"))
        {
            problems.Add(new Problem(
                $"{field}.slope", "A slope goes with prelu, and with prelu only.", "refer to an .npy or .npz#name, as for a bias"));
        }

        bool clips = activation.Minimum is not null || activation.Maximum is not null;
        if (clips && activation.Type != "clip")
            problems.Add(new Problem(field, "min and max go with clip only."));
        if (!double.IsFinite(activation.Minimum ?? 0) || !double.IsFinite(activation.Maximum ?? 0))
            problems.Add(new Problem(field, "min and max must be finite.", "leave out the one that is not wanted"));
        if (activation.Minimum > activation.Maximum)
            problems.Add(new Problem(field, $"min {activation.Minimum} is above max {activation.Maximum}."));
    }

    private static string Shapes(int rank)
    {
        string space = rank switch { 1 => "L", 2 => "H,W", _ => "D,H,W" };
        return $"[{space}], [C,{space}] or [N,C,{space}]";
    }
}
