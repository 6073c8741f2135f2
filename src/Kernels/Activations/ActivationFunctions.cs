namespace Upweave.Kernels.Activations;

/// <summary>From a layer's activation to its arithmetic.</summary>
internal static class ActivationFunctions
{
    public static IActivationFunction Create(Activation activation) => activation.Kind switch
    {
        ActivationKind.None => default(Identity),
        ActivationKind.Relu => default(Relu),
        ActivationKind.LeakyRelu => new LeakyRelu(activation.Alpha),
        ActivationKind.Clip => new Clip(activation.Minimum, activation.Maximum),
        ActivationKind.Sigmoid => default(Sigmoid),
        ActivationKind.Tanh => default(Tanh),
        _ => throw new ArgumentOutOfRangeException(
            nameof(activation), activation.Kind,
            $"Activation: this kind is not known. hint: use one of {string.Join(", ", Enum.GetNames<ActivationKind>())}."),
    };
}
