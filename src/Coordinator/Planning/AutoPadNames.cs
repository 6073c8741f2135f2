using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>How pads are worked out, by ONNX's names.</summary>
public static class AutoPadNames
{
    public const string NotSet = "NOTSET";

    private const string SameUpper = "SAME_UPPER";
    private const string SameLower = "SAME_LOWER";
    private const string Valid = "VALID";

    /// <summary>What a job may ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [NotSet, SameUpper, SameLower, Valid];

    /// <param name="name">One of <see cref="All"/>; null for <see cref="NotSet"/>.</param>
    public static AutoPad Read(string? name) => name switch
    {
        SameUpper => AutoPad.SameUpper,
        SameLower => AutoPad.SameLower,
        Valid => AutoPad.Valid,
        _ => AutoPad.NotSet,
    };
}
