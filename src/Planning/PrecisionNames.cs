namespace Upweave.Planning;

/// <summary>Precisions by the names that jobs and plans give them.</summary>
public static class PrecisionNames
{
    public const string Exact = "exact";

    private const string Tf32 = "tf32";
    private const string Float16 = "fp16";
    private const string BFloat16 = "bf16";

    /// <summary>What a job may ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [Exact, Tf32, Float16, BFloat16];

    /// <summary>Null when there is no such precision.</summary>
    public static Precision? Parse(string name) => name switch
    {
        Exact => Precision.Exact,
        Tf32 => Precision.Tf32,
        Float16 => Precision.Float16,
        BFloat16 => Precision.BFloat16,
        _ => null,
    };
}
