using Upweave.Contracts.Specification;
using Upweave.Kernels;
using Upweave.Storage;

namespace Upweave.Planning;

/// <summary>Activations by their names in a specification.</summary>
public static class ActivationNames
{
    private static readonly Dictionary<string, ActivationKind> Kinds = new()
    {
        ["relu"] = ActivationKind.Relu,
        ["leaky_relu"] = ActivationKind.LeakyRelu,
        ["prelu"] = ActivationKind.PRelu,
        ["clip"] = ActivationKind.Clip,
        ["sigmoid"] = ActivationKind.Sigmoid,
        ["tanh"] = ActivationKind.Tanh,
    };

    /// <summary>What a job may ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Kinds.Keys];

    /// <summary>The activation that a valid specification asks for; the slopes of a prelu, which are content, are not in it yet.</summary>
    public static Activation Read(ActivationSpecification? specification) => specification?.Type is null
        ? Activation.None
        : new Activation(
            Kinds.TryGetValue(specification.Type, out ActivationKind kind)
                ? kind
                : throw new InvalidArrayException($"The plan names an unknown activation '{specification.Type}'."),
            (float)(specification.Alpha ?? 0.01),
            (float)(specification.Minimum ?? double.NegativeInfinity),
            (float)(specification.Maximum ?? double.PositiveInfinity));
}
