using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>The checks that stand between a caller's spans and raw pointers.</summary>
internal static class KernelArguments
{
    /// <exception cref="ArgumentException">
    /// Groups do not divide the channels, or the activation's parameters make no sense or do not fit the channels.
    /// </exception>
    public static void CheckLayer(ConvTransposeLayer layer)
    {
        if (layer.Groups < 1 || layer.InputChannels % layer.Groups != 0 || layer.OutputChannels % layer.Groups != 0)
        {
            throw new ArgumentException(
                $"ConvTranspose: {layer.Groups} groups must divide {layer.InputChannels} input and {layer.OutputChannels} output channels.",
                nameof(layer));
        }

        Activation activation = layer.Activation;
        if (!float.IsFinite(activation.Alpha) || !(activation.Minimum <= activation.Maximum))
        {
            throw new ArgumentException(
                $"Activation {activation.Kind}: alpha {activation.Alpha} must be finite, "
                + $"and minimum {activation.Minimum} not above maximum {activation.Maximum}.",
                nameof(layer));
        }

        if (activation.Kind == ActivationKind.PRelu)
            CheckSlopes(layer, activation.Slopes.Span);
    }

    private static void CheckSlopes(ConvTransposeLayer layer, ReadOnlySpan<float> slopes)
    {
        if (slopes.Length != 1 && slopes.Length != layer.OutputChannels)
        {
            throw new ArgumentException(
                $"Activation PRelu: there are {slopes.Length} slopes for {layer.OutputChannels} output channels. "
                + "hint: give a single one, or one per output channel.",
                nameof(layer));
        }

        CheckFinite("slopes", slopes, nameof(layer));
    }

    /// <exception cref="ArgumentException">Weights or bias have the wrong length or are not finite.</exception>
    public static void CheckWeights(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        CheckLength("weights", weights.Length, layer.WeightShape.Volume, nameof(weights));
        CheckLength("bias", bias.Length, bias.IsEmpty ? 0 : layer.OutputChannels, nameof(bias));
        CheckFinite("weights", weights, nameof(weights));
        CheckFinite("bias", bias, nameof(bias));
    }

    /// <exception cref="ArgumentException">
    /// A span does not match its box, or the input lacks part of the read region.
    /// </exception>
    public static void CheckCall(
        ConvTransposeLayer layer, int inputLength, Box inputBox, int outputLength, Box outputBox, int batch,
        int workspaceLength, long workspaceNeeded)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        long inputs = checked(batch * layer.InputChannels * inputBox.Volume);
        long outputs = checked(batch * layer.OutputChannels * outputBox.Volume);
        if (inputLength != inputs)
            throw WrongLength($"input box {inputBox}", inputLength, inputs, nameof(inputBox));
        if (outputLength != outputs)
            throw WrongLength($"output box {outputBox}", outputLength, outputs, nameof(outputBox));
        if (!Covers(layer.Geometry, inputBox, outputBox))
        {
            Box region = layer.Geometry.ReadRegion(outputBox);
            throw new ArgumentException(
                $"ConvTranspose: output {outputBox} reads {region}, but the input box is {inputBox}.", nameof(inputBox));
        }

        if (workspaceLength < workspaceNeeded)
        {
            throw new ArgumentException(
                $"ConvTranspose: the workspace has {workspaceLength} floats and output {outputBox} needs {workspaceNeeded}.",
                nameof(workspaceLength));
        }
    }

    private static bool Covers(ConvTransposeGeometry geometry, Box inputBox, Box outputBox)
    {
        bool covers = true;
        for (int axis = 0; axis < geometry.Rank; axis++)
        {
            (long first, long count) = geometry.ReadRange(axis, outputBox.Origin[axis], outputBox.Shape[axis]);
            if (count == 0 || outputBox.Shape[axis] == 0)
                return true;
            covers &= inputBox.Origin[axis] <= first && first + count <= inputBox.End(axis);
        }

        return covers;
    }

    private static void CheckLength(string what, long actual, long expected, string parameter)
    {
        if (actual != expected)
            throw WrongLength(what, actual, expected, parameter);
    }

    private static ArgumentException WrongLength(string what, long actual, long expected, string parameter) =>
        new($"ConvTranspose: {what} must have {expected} floats, not {actual}.", parameter);

    private static void CheckFinite(string what, ReadOnlySpan<float> values, string parameter)
    {
        for (int index = 0; index < values.Length; index++)
        {
            if (!float.IsFinite(values[index]))
                throw new ArgumentException($"ConvTranspose: {what}[{index}] is {values[index]}, and must be finite.", parameter);
        }
    }
}
