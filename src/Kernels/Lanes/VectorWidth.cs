using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Lanes;

/// <summary>
/// Which vectors the techniques use here: the widest that the processor has. A test forces one, narrower or wider: a
/// vector wider than the hardware is emulated, slowly and with the same bits.
/// </summary>
internal static class VectorWidth
{
    /// <summary>Name of the environment variable that forces a width: 128, 256 or 512.</summary>
    public const string ForcingVariable = "UPWEAVE_VECTOR_BITS";

    /// <summary>Bits per vector.</summary>
    public static int Bits { get; } = Choose(Environment.GetEnvironmentVariable(ForcingVariable));

    private static int Choose(string? forced) => forced switch
    {
        null or "" => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
        "128" or "256" or "512" => int.Parse(forced, System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException(
            $"There are no vectors of {forced} bits. hint: set {ForcingVariable} to 128, 256 or 512, or leave it unset."),
    };
}
