using System.Runtime.InteropServices;
using Upweave.Bench;
using Upweave.Bench.Checks;
using Upweave.Bench.Contestants;
using Upweave.Bench.Machine;
using Upweave.Bench.Reports;
using Upweave.Bench.Shapes;
using Upweave.Kernels;

if (args.Contains("--help"))
{
    Console.WriteLine(Options.Usage);
    return 0;
}

Options options;
List<ShapeRow> rows;
string pinned;
try
{
    options = Options.Parse(args);
    if (options.Technique is not null)
        Environment.SetEnvironmentVariable(KernelSelector.ForcingVariable, options.Technique);
    string file = options.Shapes ?? Environment.GetEnvironmentVariable("UPWEAVE_BENCH_SHAPES") ?? "bench/shapes.txt";
    IReadOnlyList<ShapeRow> all = options.RandomSeed is int seed ? RandomShapes.Draw(seed) : ShapeFile.Read(file);
    rows = [.. all.Where(row => row.Name.Contains(options.Filter ?? "", StringComparison.OrdinalIgnoreCase))];
    rows = [.. rows.Select(row => row with { Layer = AlgorithmNames.Apply(options.Algorithm, row.Layer) ?? row.Layer })];
    if (rows.Count == 0)
        throw new FormatException($"No shape's name contains \"{options.Filter}\".");
    pinned = Affinity.Pin(options.Threads);
    JudgeSelfCheck.Run();
}
catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or InvalidOperationException)
{
    Console.Error.WriteLine("error: " + e.Message);
    return 2;
}

Console.WriteLine($"{Processor.Name}, {RuntimeInformation.FrameworkDescription}, {options.Threads} thread(s), {pinned}");
MachineRoofs roofs = MachineRoofs.Measure(options.Threads);
Console.WriteLine(roofs);
PeerSet peers = new(options.Peers, options.Threads);
foreach (string version in peers.Versions)
{
    Console.WriteLine("peer: " + version);
}

Console.WriteLine(TextTable.Header);
RowBench bench = new(roofs, peers, options.Threads);
List<RowResult> results = [];
foreach (ShapeRow row in rows)
{
    results.Add(bench.Measure(row));
    Console.WriteLine(TextTable.Line(results[^1]));
}

RunResult run = new()
{
    Processor = Processor.Name,
    Date = DateTimeOffset.UtcNow,
    Commit = Environment.GetEnvironmentVariable("UPWEAVE_BENCH_COMMIT"),
    Runtime = RuntimeInformation.FrameworkDescription,
    System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
    Threads = options.Threads,
    Algorithm = options.Algorithm,
    ForcedTechnique = Environment.GetEnvironmentVariable(KernelSelector.ForcingVariable),
    Peers = peers.Versions,
    Roofs = roofs,
    Rows = results,
};
Console.WriteLine(TextTable.Summary(run));
if (options.Json is not null)
    JsonReport.Write(options.Json, run);
return results.Exists(row => row.Note?.StartsWith("error:", StringComparison.Ordinal) == true) ? 1 : 0;
