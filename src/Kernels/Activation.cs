namespace Upweave.Kernels;

/// <summary>The functions that can follow a layer. Names in a job are ONNX's, in snake case.</summary>
public enum ActivationKind
{
    None,

    /// <summary>max(0, x)</summary>
    Relu,

    /// <summary>x where x >= 0, else alpha * x</summary>
    LeakyRelu,

    /// <summary>x where x >= 0, else slope * x, with one slope per output channel or one for all</summary>
    PRelu,

    /// <summary>min(max(x, minimum), maximum)</summary>
    Clip,

    /// <summary>1 / (1 + exp(-x))</summary>
    Sigmoid,

    /// <summary>(exp(x) - exp(-x)) / (exp(x) + exp(-x))</summary>
    Tanh,
}

/// <summary>An activation and its parameters. The arithmetic of each is in docs/arithmetic.md.</summary>
/// <param name="Alpha">Slope for negative inputs of <see cref="ActivationKind.LeakyRelu"/>; finite.</param>
/// <param name="Minimum">Lower bound of <see cref="ActivationKind.Clip"/>.</param>
/// <param name="Maximum">Upper bound of <see cref="ActivationKind.Clip"/>, not below the lower one.</param>
public sealed record Activation(
    ActivationKind Kind, float Alpha = 0.01f, float Minimum = float.NegativeInfinity, float Maximum = float.PositiveInfinity)
{
    /// <summary>
    /// Slopes of <see cref="ActivationKind.PRelu"/> for negative inputs: one per output channel, or a single one; finite.
    /// They are content, as weights are: a kernel needs them, and what is asked of a layer before (the technique, its
    /// memory) does not.
    /// </summary>
    public ReadOnlyMemory<float> Slopes { get; init; }

    public static Activation None { get; } = new(ActivationKind.None);

    /// <summary>The slope of an output channel.</summary>
    internal float Slope(int channel) => Slopes.Span[Slopes.Length == 1 ? 0 : channel];
}
