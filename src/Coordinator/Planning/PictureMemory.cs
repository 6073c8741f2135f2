using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Pictures;
using Upweave.Storage.Sequential;

namespace Upweave.Coordinator.Planning;

/// <summary>
/// Checks that a worker can decode the input and encode the output of a job where these are pictures or compressed as a whole, which it
/// does in strips over their whole width.
/// </summary>
public static class PictureMemory
{
    /// <param name="input">The input's header; null when it is read by box.</param>
    public static void Check(JobPlan plan, SequentialHeader? input, long workerBytes, ICollection<Problem> problems)
    {
        PlanGeometry geometry = new(plan);
        if (input is not null)
            Require("input", plan.Input.Reference, input.PeakBytes(geometry.IngestLayout("")), workerBytes, problems);
        if (!plan.Output.IsPicture)
            return;
        OutputLayout scratch = geometry.WriteLayout("");
        ArrayInfo tiles = new() { Format = "zarr v3", Shape = scratch.Shape, Type = scratch.Type, Chunk = scratch.Chunk };
        Require("output", plan.Output.Reference, PictureExport.PeakBytes(tiles), workerBytes, problems);
    }

    private static void Require(string field, string reference, long bytes, long workerBytes, ICollection<Problem> problems)
    {
        if (bytes > workerBytes)
        {
            problems.Add(new Problem(
                field, $"Strips of {reference} take {bytes} bytes; a worker has {workerBytes}.",
                "give more memory (--memory), or use .tif, .npy or .zarr, which need no strips over the whole width"));
        }
    }
}
