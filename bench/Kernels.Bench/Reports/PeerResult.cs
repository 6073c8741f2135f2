namespace Upweave.Bench.Reports;

/// <summary>One peer's part of a row.</summary>
internal sealed record PeerResult(string Name, double Milliseconds, double RelativeRmsError);
