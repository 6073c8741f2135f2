using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Worker.Jobs;

/// <summary>A job as a worker holds it: the open input, the output, and one packed copy of the weights for all slots.</summary>
public sealed class JobContext : IAsyncDisposable
{
    private JobContext(JobPlan plan, PlanGeometry geometry, IConvTransposeKernel kernel, IArrayReader reader, IArrayWriter writer)
    {
        Plan = plan;
        Geometry = geometry;
        Kernel = kernel;
        Reader = reader;
        Writer = writer;
        Footprint = geometry.Footprint(reader);
        Bands = TileBands.Of(geometry.Layer, geometry.Output.Spatial(geometry.Tiles.Tile), geometry.OutputType);
    }

    public JobPlan Plan { get; }

    public PlanGeometry Geometry { get; }

    public IConvTransposeKernel Kernel { get; }

    public IArrayReader Reader { get; }

    public IArrayWriter Writer { get; }

    /// <summary>Memory of one tile.</summary>
    public TileFootprint Footprint { get; }

    /// <summary>What is computed of a tile before it is converted.</summary>
    public TileBands Bands { get; }

    /// <exception cref="ObjectChangedException">Input or weights are not what they were when the job was planned.</exception>
    /// <exception cref="InvalidArrayException">This worker has too little memory for the plan.</exception>
    public static async Task<JobContext> OpenAsync(
        IStoreCatalog stores, WorkerOptions options, JobPlan plan, StoreLocation output, CancellationToken cancellationToken)
    {
        PlanGeometry geometry = new(plan);
        IArrayReader reader = plan.Input.IsPicture
            ? await ArrayReaders.OpenAsync(
                output with { Path = JobPaths.ScratchInput(output.Path, plan.Hash) }, identity: null, cancellationToken)
            : await ArrayReaders.OpenAsync(stores, plan.Input.Reference, plan.Input.Identity, cancellationToken);
        CheckMemory(options, plan, geometry, reader);
        PlannedLayer layer = plan.Layers[0];
        float[] weights = layer.Preset is not null
            ? Preset.Create(layer.Preset, geometry.Layer.Geometry.Strides, layer.InputChannels).Weights
            : (await ParameterArray.ReadAsync(stores, layer.Weights!, layer.WeightsIdentity, cancellationToken)).Values;
        float[] bias = layer.Bias is null
            ? []
            : (await ParameterArray.ReadAsync(stores, layer.Bias, layer.BiasIdentity, cancellationToken)).Values;
        ConvTransposeLayer kernelLayer = geometry.Layer;
        if (layer.Activation?.Slope is string slope)
        {
            float[] slopes = (await ParameterArray.ReadAsync(stores, slope, layer.SlopeIdentity, cancellationToken)).Values;
            kernelLayer = kernelLayer with { Activation = kernelLayer.Activation with { Slopes = slopes } };
        }

        IConvTransposeKernel kernel = KernelSelector.Create(kernelLayer, weights, bias);
        return new JobContext(plan, geometry, kernel, reader, ArrayWriters.Create(output.Store, geometry.WriteLayout(output.Path)));
    }

    /// <summary>The planner has checked the same for the fleet's usual worker; this one may have less.</summary>
    private static void CheckMemory(WorkerOptions options, JobPlan plan, PlanGeometry geometry, IArrayReader reader)
    {
        int held = TileFootprint.TilesHeld(options.Slots);
        long needed = checked((geometry.Footprint(reader).Total * held) + KernelSelector.PackedBytes(geometry.Layer) + reader.KeptBytes);
        if (needed > options.MemoryBytes)
        {
            throw new InvalidArrayException(
                $"The plan of {plan.Output.Reference} takes {needed} bytes for {held} tiles, the weights and chunks of the input; "
                + $"worker {options.Name} has {options.MemoryBytes}.", "give it more memory (--memory) or fewer slots (--workers)");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kernel.Dispose();
        await Reader.DisposeAsync();
    }
}
