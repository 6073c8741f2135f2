using System.Globalization;

namespace Upweave.Bench.Reports;

/// <summary>The table on the screen, a line per row as soon as it is measured.</summary>
internal static class TextTable
{
    private const int NameWidth = 30;

    public static string Header =>
        $"{"shape",-NameWidth} {"ours ms",10} {"peer ms",10} {"who",-9} {"ratio",6} {"GFLOP/s",8} {"roof",11} {"technique",-15} "
        + $"{"error",8} {"ort err",8} {"alloc",6}";

    public static string Line(RowResult row)
    {
        string roof = row.Milliseconds is null ? "-"
            : row.IsComputeBound ? Text(row.PercentOfPeak, "F0") + "% of FMA" : Text(row.PercentOfCopy, "F0") + "% copy";
        double? ortError = row.Peers.FirstOrDefault(peer => peer.Name == Contestants.PeerSet.Ort)?.RelativeRmsError;
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Name,-NameWidth} {Text(row.Milliseconds, "F3"),10} {Text(row.BestPeerMilliseconds, "F3"),10} {row.BestPeer ?? "-",-9} "
            + $"{Text(row.Ratio, "F2"),6} {Text(row.GigaflopsPerSecond, "F1"),8} {roof,11} {row.Technique ?? "-",-15} "
            + $"{Text(row.RelativeRmsError, "0.0e0"),8} {Text(ortError, "0.0e0"),8} {row.AllocatedBytesPerCall,6}");
        return row.Note is null ? line : line + "  " + row.Note;
    }

    public static string Summary(RunResult run) => string.Create(
        CultureInfo.InvariantCulture,
        $"geometric mean {Text(run.GeometricMean, "F2")} over {run.Rows.Count(row => row.Ratio is not null)} rows; "
        + $"{run.RowsBelowOne} below 1.0; {run.RowsFailed} without a ratio");

    private static string Text(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
