using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Worker.Devices;

namespace Upweave.Worker.Jobs;

/// <summary>A job as a worker holds it: the open input, the output, and one packed copy of the weights for all slots.</summary>
public sealed class JobContext : IAsyncDisposable
{
    private JobContext(JobPlan plan, PlanGeometry geometry, JobKernel kernel, IArrayReader reader, IArrayWriter writer, long spareBytes)
    {
        Plan = plan;
        Geometry = geometry;
        Kernel = kernel.Kernel;
        Device = kernel.Device;
        Reader = reader;
        Writer = writer;
        TileFootprint usual = geometry.Footprint(reader.ReadOverheadBytes);
        (Bands, Footprint) = kernel.IsOnProcessor ? (geometry.Bands(), usual) : geometry.DeviceBands(usual, spareBytes);
    }

    public JobPlan Plan { get; }

    public PlanGeometry Geometry { get; }

    public IConvTransposeKernel Kernel { get; }

    /// <summary>What computes the tiles, as telemetry names it.</summary>
    public string Device { get; }

    public IArrayReader Reader { get; }

    public IArrayWriter Writer { get; }

    /// <summary>Memory of one tile.</summary>
    public TileFootprint Footprint { get; }

    /// <summary>What is computed of a tile before it is converted.</summary>
    public TileBands Bands { get; }

    /// <param name="warn">Told when the processor has to help the device out.</param>
    /// <exception cref="ObjectChangedException">Input or weights are not what they were when the job was planned.</exception>
    /// <exception cref="WorkerMemoryException">This worker has too little memory for the plan.</exception>
    public static async Task<JobContext> OpenAsync(
        IStoreCatalog stores, WorkerOptions options, IComputeDevice device, Action<string> warn, JobPlan plan, StoreLocation output,
        CancellationToken cancellationToken)
    {
        PlanGeometry geometry = new(plan);
        IArrayReader reader = plan.Input.IsPicture
            ? await ArrayReaders.OpenAsync(
                output with { Path = JobPaths.ScratchInput(output.Path, plan.Hash) }, identity: null, cancellationToken)
            : await ArrayReaders.OpenAsync(stores, plan.Input.Reference, plan.Input.Identity, cancellationToken);
        try
        {
            return await OpenAsync(stores, options, device, warn, plan, output, geometry, reader, cancellationToken);
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    private static async Task<JobContext> OpenAsync(
        IStoreCatalog stores, WorkerOptions options, IComputeDevice device, Action<string> warn, JobPlan plan, StoreLocation output,
        PlanGeometry geometry, IArrayReader reader, CancellationToken cancellationToken)
    {
        long spare = CheckMemory(options, plan, geometry, reader);
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

        JobKernel kernel = JobKernel.Create(device, kernelLayer, weights, bias, geometry.Precision, warn);
        return new JobContext(
            plan, geometry, kernel, reader, ArrayWriters.Create(output.Store, geometry.WriteLayout(output.Path)), spare);
    }

    /// <summary>The planner has checked the same for the fleet's usual worker; this one may have less.</summary>
    /// <returns>Bytes that each tile may take more.</returns>
    private static long CheckMemory(WorkerOptions options, JobPlan plan, PlanGeometry geometry, IArrayReader reader)
    {
        PlanMemory needed = PlanMemory.Of(geometry, options.Slots, reader.KeptBytes, reader.ReadOverheadBytes);
        return needed.Total <= options.MemoryBytes
            ? (options.MemoryBytes - needed.Total) / needed.TilesHeld
            : throw new WorkerMemoryException($"The plan of {plan.Output.Reference}", needed.Total, needed.TilesHeld, options);
    }

    public async ValueTask DisposeAsync()
    {
        Kernel.Dispose();
        await Reader.DisposeAsync();
    }
}
