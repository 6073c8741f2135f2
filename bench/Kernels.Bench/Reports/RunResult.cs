using Upweave.Bench.Machine;

namespace Upweave.Bench.Reports;

/// <summary>A whole run, as <c>--json</c> writes it.</summary>
internal sealed record RunResult
{
    public required string Processor { get; init; }

    public required DateTimeOffset Date { get; init; }

    public required string? Commit { get; init; }

    public required string Runtime { get; init; }

    public required string System { get; init; }

    public required int Threads { get; init; }

    /// <summary>What was asked for; the technique says what a row got.</summary>
    public required string Algorithm { get; init; }

    public required string? ForcedTechnique { get; init; }

    public required IReadOnlyList<string> Peers { get; init; }

    public required MachineRoofs Roofs { get; init; }

    public required IReadOnlyList<RowResult> Rows { get; init; }

    /// <summary>Geometric mean of the ratios; null without a peer.</summary>
    public double? GeometricMean
    {
        get
        {
            double[] ratios = [.. Rows.Where(row => row.Ratio is not null).Select(row => row.Ratio!.Value)];
            return ratios.Length == 0 ? null : Math.Exp(ratios.Average(Math.Log));
        }
    }

    public int RowsBelowOne => Rows.Count(row => row.Ratio < 1);

    public int RowsFailed => Rows.Count(row => row.Ratio is null && row.Note is not null);
}
