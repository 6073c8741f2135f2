using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>The summary of a finished job.</summary>
internal static class RunReport
{
    /// <param name="slots">Tiles that were computed at the same time.</param>
    public static Report Create(JobCompleted job, int slots)
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
            .Row("read", Time(costs.ReadSeconds, seconds * slots, costs.BytesRead))
            .Row("compute", Time(costs.ComputeSeconds, seconds * slots, null))
            .Row("write", Time(costs.WriteSeconds, seconds * slots, costs.BytesWritten))
            .Row("throughput", seconds > 0 && costs.BytesWritten > 0 ? $"{Units.Rate(costs.BytesWritten / seconds)} of output" : null);
    }

    private static string Tiles(JobSummary summary)
    {
        long found = summary.TileCount - summary.TilesComputed;
        return found == 0
            ? Units.Count(summary.TileCount)
            : $"{Units.Count(summary.TileCount)} ({Units.Count(summary.TilesComputed)} computed, {Units.Count(found)} found done)";
    }

    /// <summary>Time summed over tiles, its share of what all slots had together, and the bytes that it moved.</summary>
    private static string Time(double spent, double available, long? bytes)
    {
        string share = available > 0 ? Units.Share(spent / available) : "";
        string text = $"{Units.Duration(TimeSpan.FromSeconds(spent)),-10}  {share,6} of the slots' time";
        return bytes is long count ? $"{text}  {Units.Bytes(count)}" : text;
    }
}
