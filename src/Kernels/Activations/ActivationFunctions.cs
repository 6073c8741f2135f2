namespace Upweave.Kernels.Activations;

/// <summary>From a layer's activation to its arithmetic.</summary>
internal static class ActivationFunctions
{
    /// <param name="channel">Output channel, where the activation has parameters of each.</param>
    public static IActivationFunction Create(Activation activation, int channel) => activation.Kind switch
    {
        ActivationKind.None => default(Identity),
        ActivationKind.Relu => default(Relu),
        ActivationKind.LeakyRelu => new LeakyRelu(activation.Alpha),
        ActivationKind.PRelu => new LeakyRelu(activation.Slope(channel)),
        ActivationKind.Clip => new Clip(activation.Minimum, activation.Maximum),
        ActivationKind.Sigmoid => default(Sigmoid),
        ActivationKind.Tanh => default(Tanh),
        _ => throw Unknown(activation.Kind),
    };

    /// <summary>For a switch over kinds that lacks one.</summary>
    public static ArgumentOutOfRangeException Unknown(ActivationKind kind) => new(
        nameof(kind), kind,
        $"Activation: this kind is not known. hint: use one of {string.Join(", ", Enum.GetNames<ActivationKind>())}.");
}
