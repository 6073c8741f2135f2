using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Pictures;
using Upweave.Storage.Sequential;
using Upweave.Storage.Stores;

namespace Upweave.Worker.Pictures;

/// <summary>
/// The sequential parts of a job, on pictures and volumes compressed as a whole: in through scratch chunks, out from them.
/// </summary>
public sealed class PictureTasks(IStoreCatalog stores)
{
    /// <summary>Decodes the input into scratch chunks; the coordinator publishes them.</summary>
    public async Task IngestAsync(JobPlan plan, StoreLocation output, CancellationToken cancellationToken)
    {
        StoreLocation input = stores.Resolve(plan.Input.Reference);
        IArrayWriter scratch = ArrayWriters.Create(output.Store, new PlanGeometry(plan).IngestLayout(output.Path));
        await SequentialFiles.IngestAsync(input, plan.Input.Identity, scratch, progress: null, cancellationToken);
    }

    /// <summary>Encodes the output from scratch chunks into staged blocks; the coordinator publishes them.</summary>
    public static async Task ExportAsync(JobPlan plan, StoreLocation output, CancellationToken cancellationToken)
    {
        IStagedFile staged = output.Store.StageFile(output.Path, plan.Hash);
        await staged.DiscardAsync(cancellationToken);
        // Two runs of an encoder need not cut alike, so their blocks must not be mixed.
        if (await staged.ListAsync(cancellationToken) is { Count: > 0 } left)
        {
            throw new IOException(
                $"{left.Count} block(s) that an earlier attempt staged for '{output.Path}' cannot be removed now. "
                + "hint: choose another output, or wait until the store has removed them");
        }

        await using IArrayReader scratch = await ArrayReaders.OpenAsync(
            output with { Path = JobPaths.ScratchOutput(output.Path, plan.Hash) }, identity: null, cancellationToken);
        IReadOnlyList<StagedBlock> blocks = await PictureExport.RunAsync(
            scratch, output.Store, output.Path, plan.Hash, progress: null, cancellationToken);
        await ExportNote.WriteAsync(output, plan.Hash, blocks, cancellationToken);
    }
}
