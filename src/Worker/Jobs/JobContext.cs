using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

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
        Dims tile = geometry.Output.Spatial(geometry.Tiles.Tile);
        Footprint = TileFootprint.Of(
            geometry.Layer, tile, geometry.InputType, geometry.OutputType, encoded: plan.Output.Format == "zarr");
    }

    public JobPlan Plan { get; }

    public PlanGeometry Geometry { get; }

    public IConvTransposeKernel Kernel { get; }

    public IArrayReader Reader { get; }

    public IArrayWriter Writer { get; }

    /// <summary>Memory of one tile.</summary>
    public TileFootprint Footprint { get; }

    /// <exception cref="ObjectChangedException">Input or weights are not what they were when the job was planned.</exception>
    public static async Task<JobContext> OpenAsync(
        IStoreCatalog stores, JobPlan plan, StoreLocation output, CancellationToken cancellationToken)
    {
        PlanGeometry geometry = new(plan);
        PlannedLayer layer = plan.Layers[0];
        float[] weights = layer.Preset is not null
            ? Preset.Create(layer.Preset, geometry.Layer.Geometry.Strides, layer.InputChannels).Weights
            : (await ParameterArray.ReadAsync(stores, layer.Weights!, layer.WeightsIdentity, cancellationToken)).Values;
        float[] bias = layer.Bias is null
            ? []
            : (await ParameterArray.ReadAsync(stores, layer.Bias, layer.BiasIdentity, cancellationToken)).Values;
        IArrayReader reader = plan.Input.IsPicture
            ? await ArrayReaders.OpenAsync(
                output with { Path = JobPaths.ScratchInput(output.Path, plan.Hash) }, identity: null, cancellationToken)
            : await ArrayReaders.OpenAsync(stores, plan.Input.Reference, plan.Input.Identity, cancellationToken);
        IConvTransposeKernel kernel = KernelSelector.Create(geometry.Layer, weights, bias);
        return new JobContext(plan, geometry, kernel, reader, ArrayWriters.Create(output.Store, geometry.WriteLayout(output.Path)));
    }

    public async ValueTask DisposeAsync()
    {
        Kernel.Dispose();
        await Reader.DisposeAsync();
    }
}
