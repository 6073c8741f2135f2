using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>The output of a plan as the coordinator handles it: it publishes, and never touches an element.</summary>
public sealed class JobOutput(JobPlan plan, PlanGeometry geometry, StoreLocation output)
{
    private readonly IStagedFile picture = output.Store.StageFile(output.Path, plan.Hash);

    /// <summary>A picture has no place for it.</summary>
    private readonly ProvenanceFile provenance = new(output.Store, output.Path, plan.Output.IsPicture ? Provenance.Of(plan) : null);

    /// <summary>Where tiles go: the output itself, or the scratch that a picture is exported from.</summary>
    public IArrayWriter Tiles { get; } = ArrayWriters.Create(output.Store, geometry.WriteLayout(output.Path));

    /// <summary>True when this plan's output has been published.</summary>
    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) => plan.Output.IsPicture
        ? picture.IsCommittedAsync(cancellationToken)
        : Tiles.IsCommittedAsync(cancellationToken);

    private WriteCondition Condition => plan.Output.Replaces is string etag ? WriteCondition.IfMatch(etag) : WriteCondition.IfAbsent;

    /// <summary>Makes the output's place ready, and that of the tiles, before the first of them is sent out.</summary>
    /// <returns>False when something else lies there than when the job was planned.</returns>
    public async Task<bool> PrepareAsync(CancellationToken cancellationToken) => plan.Output.IsPicture
        ? await picture.PrepareAsync(Condition, cancellationToken)
            && await Tiles.PrepareAsync(WriteCondition.Always, cancellationToken)
        : await Tiles.PrepareAsync(Condition, cancellationToken);

    /// <summary>Publishes.</summary>
    /// <returns>False when something else lies there than when the job was planned.</returns>
    /// <exception cref="BlocksMissingException">The store has lost some of what was staged.</exception>
    public async Task<bool> CommitAsync(CancellationToken cancellationToken)
    {
        if (!plan.Output.IsPicture)
            return await Tiles.CommitAsync(Condition, cancellationToken);
        IReadOnlyList<StagedBlock> blocks = await ExportNote.FindAsync(output, plan.Hash, cancellationToken);
        return await provenance.WriteAsync(Condition, cancellationToken)
            && await picture.CommitAsync(blocks, Condition, cancellationToken);
    }

    /// <summary>
    /// Removes what is left beside a published output, the claim first: without the marks of its publication a plan would
    /// be taken for one that has still to be run. Nothing is removed when the output is claimed for another plan by now.
    /// </summary>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        if (await PlanStore.GiveUpAsync(output, plan.Hash, cancellationToken))
            await output.Store.DeleteAllAsync(JobPaths.Side(output.Path), cancellationToken);
    }

    /// <summary>Removes everything that belongs to the plan, its claim included; see <see cref="CleanUpAsync"/> for the claim.</summary>
    public async Task DiscardAsync(CancellationToken cancellationToken)
    {
        await picture.DiscardAsync(cancellationToken);
        await provenance.RemoveAsync(cancellationToken);
        await Tiles.DiscardAsync(cancellationToken);
        await output.Store.DeleteAllAsync(JobPaths.ScratchInput(output.Path, plan.Hash), cancellationToken);
        if (await PlanStore.GiveUpAsync(output, plan.Hash, cancellationToken))
            await output.Store.DeleteAllAsync(JobPaths.Side(output.Path), cancellationToken);
    }
}
