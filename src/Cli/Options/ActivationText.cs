using System.Globalization;
using Upweave.Contracts.Specification;

namespace Upweave.Cli.Options;

/// <summary>An activation and its parameters: <c>relu</c>, <c>leaky_relu:0.1</c>, <c>prelu:up.npz#a</c>,
/// <c>clip:0,1</c>, <c>sigmoid</c>, <c>tanh</c>.</summary>
internal static class ActivationText
{
    /// <summary>What <see cref="Parse"/> understands, for messages.</summary>
    public const string Expected = "relu, leaky_relu:0.1, prelu:up.npz#a, clip:0,1, sigmoid or tanh";

    /// <returns>
    /// Null when the parameters do not fit. A name without parameters passes as it is: the planner knows the names.
    /// A bound of clip may be left empty (<c>clip:0,</c>).
    /// </returns>
    public static ActivationSpecification? Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return text.Length == 0 ? null : new ActivationSpecification { Type = text };
        string name = text[..colon];
        if (name == "prelu")
            return colon + 1 == text.Length ? null : new ActivationSpecification { Type = name, Slope = text[(colon + 1)..] };
        string[] values = text[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries);
        return (name, values.Length) switch
        {
            ("leaky_relu", 1) when Number(values[0]) is double alpha =>
                new ActivationSpecification { Type = name, Alpha = alpha },
            ("clip", 2) when IsBound(values[0]) && IsBound(values[1]) =>
                new ActivationSpecification { Type = name, Minimum = Number(values[0]), Maximum = Number(values[1]) },
            _ => null,
        };
    }

    private static bool IsBound(string text) => text.Length == 0 || Number(text) is not null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;
}
