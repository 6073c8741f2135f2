namespace Upweave.Kernels;

/// <summary>Algorithms by the names that jobs and plans give them.</summary>
public static class AlgorithmNames
{
    /// <summary>Leaves the choice to <see cref="MinimalArithmetic.Choose"/>.</summary>
    public const string Auto = "auto";

    public const string Direct = "direct";

    public const string Minimal = "minimal";

    /// <summary>What a job may ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [Auto, Direct, Minimal];

    /// <summary>The name of a layer's algorithm.</summary>
    public static string Of(ConvTransposeLayer layer) => layer.Algorithm == ConvTransposeAlgorithm.Minimal ? Minimal : Direct;

    /// <summary>The layer by an algorithm; null where there is none of it for this layer.</summary>
    /// <param name="layer">With or without cells.</param>
    /// <exception cref="ArgumentException">There is no such algorithm.</exception>
    public static ConvTransposeLayer? Apply(string algorithm, ConvTransposeLayer layer)
    {
        layer = layer with { Geometry = layer.Geometry with { Cell = null } };
        switch (algorithm)
        {
            case Direct:
                return layer;
            case Auto:
                return layer with { Geometry = MinimalArithmetic.Choose(layer) };
            case Minimal:
                layer = layer with { Geometry = layer.Geometry with { Cell = MinimalArithmetic.Cell(layer) } };
                return layer.Algorithm == ConvTransposeAlgorithm.Minimal ? layer : null;
            default:
                throw new ArgumentException($"There is no algorithm \"{algorithm}\".", nameof(algorithm));
        }
    }
}
