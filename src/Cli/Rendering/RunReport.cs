using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>The summary of a finished job.</summary>
internal static class RunReport
{
    /// <param name="slots">Tiles that were computed at the same time; null where nobody counts the workers.</param>
    /// <param name="device">What computed them; null for the processor, and where each worker chooses.</param>
    public static Report Create(JobCompleted job, int? slots, string? device = null)
    {
        JobSummary summary = job.Summary;
        TileCosts costs = summary.Costs;
        double seconds = summary.Elapsed.TotalSeconds;
        return new Report()
            .Row("output", job.Output)
            .Row("shape", $"{Units.Shape(summary.Shape)}  {summary.Dtype}")
            .Row("tiles", Tiles(summary))
            .Row("halo", $"{Units.Share(summary.HaloShare)} of the input is read more than once")
            .Row("time", $"{Units.Duration(summary.Elapsed)} in all")
            .Row("device", device)
            .Row("decode", Task(summary.Ingest, "the input read"))
            .Row("read", Waiting(costs.ReadSeconds, costs.BytesRead))
            .Row("compute", Computing(costs.ComputeSeconds, seconds * slots))
            .Row("write", Waiting(costs.WriteSeconds, costs.BytesWritten))
            .Row("encode", Task(summary.Export, "the picture written"))
            .Row("throughput", seconds > 0 && costs.BytesWritten > 0 ? $"{Units.Rate(costs.BytesWritten / seconds)} of output" : null);
    }

    private static string Tiles(JobSummary summary)
    {
        long found = summary.TileCount - summary.TilesComputed;
        return found == 0
            ? Units.Count(summary.TileCount)
            : $"{Units.Count(summary.TileCount)} ({Units.Count(summary.TilesComputed)} computed, {Units.Count(found)} found done)";
    }

    private static string? Task(TimeSpan taken, string what) => taken > TimeSpan.Zero ? $"{Units.Duration(taken),-10}  {what}" : null;

    /// <summary>Time summed over tiles, which overlaps with other tiles' kernels, and the bytes that it moved.</summary>
    private static string Waiting(double spent, long bytes) =>
        $"{Units.Duration(TimeSpan.FromSeconds(spent)),-10}  {Units.Bytes(bytes)}, beside other tiles";

    /// <summary>Time summed over tiles, and its share of what all slots had together.</summary>
    private static string Computing(double spent, double? available) => $"{Units.Duration(TimeSpan.FromSeconds(spent)),-10}  "
        + (available is { } all ? $"{Units.Share(all > 0 ? spent / all : 0)} of the slots' time" : "on all workers together");
}
