using Upweave.Contracts.Specification;

namespace Upweave.Contracts.Plans;

/// <summary>
/// Everything that fixes what a job computes and where it goes, kept as <c>OUTPUT.upweave/plan.json</c>: created only if
/// absent, it claims the output. Any worker can compute any tile from it.
/// </summary>
public sealed record JobPlan
{
    /// <summary>The version of this format that is written here.</summary>
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary>Names the plan; its owner mark on everything staged. 32 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The same for two jobs that ask for the same; see <see cref="ContractJson"/>.</summary>
    public required string SpecificationHash { get; init; }

    public required JobSpecification Specification { get; init; }

    public required PlannedInput Input { get; init; }

    public required PlannedOutput Output { get; init; }

    /// <summary>The layers with every default and every pad worked out.</summary>
    public required IReadOnlyList<PlannedLayer> Layers { get; init; }

    /// <summary>Who planned, e.g. <c>Upweave 0.1.0</c>.</summary>
    public required string Software { get; init; }

    /// <summary>Version of docs/arithmetic.md.</summary>
    public required int Arithmetic { get; init; }

    public required string Precision { get; init; }

    /// <summary>Consecutive tiles that one message asks for.</summary>
    public required int TilesPerRun { get; init; }

    public required PlanPrediction Prediction { get; init; }
}
