using System.Collections.Concurrent;
using Upweave.Tiling;

namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>The direct algorithm for layers with few filters and a kernel without gaps; see Programs/stencil.cl.</summary>
internal sealed class GpuStencilTechnique : IGpuTechnique
{
    private readonly GpuDevice device;
    private readonly ConvTransposeLayer layer;
    private readonly Dims strides;
    private readonly float[] weights;
    private readonly DeviceFloats parameters;
    private readonly StencilShape? forced;
    private readonly ConcurrentDictionary<(long Positions, long AlongY), StencilShape> shapes = new();
    private readonly ConcurrentDictionary<StencilShape, Lazy<Cut>> cuts = new();

    /// <param name="weights">[Cin, Cout/groups, k...]; kept, not copied.</param>
    public GpuStencilTechnique(
        GpuDevice device, ConvTransposeLayer layer, float[] weights, ReadOnlySpan<float> bias, StencilShape? forced = null)
    {
        this.device = device;
        this.layer = layer;
        strides = ThreeAxes.Lift(layer.Geometry).Strides;
        this.weights = weights;
        this.forced = forced;
        parameters = LayerParameters.Create(device, layer, bias);
    }

    public string Name => "stencil";

    /// <summary>Whether a layer can be computed so.</summary>
    public static bool CanCompute(ConvTransposeLayer layer) => StencilShape.All(layer).Any();

    public string Describe(GpuBox box)
    {
        (long positions, long positionsY) = Positions(box);
        StencilShape shape = Shape(positions, positionsY);
        return $"{Name} {shape.Filters}x{shape.Positions}";
    }

    public void Fit(GpuStream stream, GpuBox box)
    {
        // Inputs become outputs without anything between.
    }

    public void Enqueue(GpuStream stream, GpuBox box)
    {
        (long positions, long positionsY) = Positions(box);
        StencilShape shape = Shape(positions, positionsY);
        Cut cut = cuts.GetOrAdd(shape, asked => new Lazy<Cut>(() => Make(asked))).Value;
        long columns = positions / positionsY * IntegerMath.CeilDiv(positionsY, shape.Positions);
        nuint items = StencilShape.Items;
        nuint groups = (nuint)IntegerMath.CeilDiv(columns, StencilShape.Items);
        stream.Launch(
            cut.Program, "stencil", [groups * items, (nuint)(layer.OutputChannels / shape.Filters)], [items, 1],
            stream.Input.Handle, cut.Weights.Handle, parameters.Handle, stream.Output.Handle, box);
    }

    public void Dispose()
    {
        foreach (Lazy<Cut> cut in cuts.Values.Where(cut => cut.IsValueCreated))
            cut.Value.Weights.Dispose();
        parameters.Dispose();
    }

    /// <summary>Comparing shapes takes longer than many a kernel, and most tiles are alike.</summary>
    private StencilShape Shape(long positions, long positionsY) => forced ?? shapes.GetOrAdd(
        (positions, positionsY), of => StencilShape.Of(layer, device.Info.ComputeUnits, of.Positions, of.AlongY));

    /// <summary>Positions of a box's outputs, and those along y.</summary>
    private (long All, long AlongY) Positions(GpuBox box)
    {
        long z = Along(box.OutputZ, box.PhaseZ, strides[0]);
        long y = Along(box.OutputY, box.PhaseY, strides[1]);
        long x = Along(box.OutputX, box.PhaseX, strides[2]);
        return (checked(box.Batch * z * y * x), y);

        static long Along(long extent, long phase, long stride) => ((phase + extent - 1) / stride) + 1;
    }

    private Cut Make(StencilShape shape)
    {
        string source = LayerSource.Create(
            layer,
            [("FILTERS", shape.Filters), ("POSITIONS", shape.Positions), ("DEPTH", shape.Depth(layer)), ("THREADS", StencilShape.Items)],
            "arithmetic.cl", "layer.cl", "stencil.cl");
        return new Cut(device.Program(source), new DeviceFloats(device, Pack(shape)));
    }

    /// <summary>Per run of filters [channel, filter, kernel], each channel's padded with zeros.</summary>
    private float[] Pack(StencilShape shape)
    {
        int channels = layer.InputChannelsPerGroup;
        int filters = layer.OutputChannelsPerGroup;
        int kernel = checked((int)layer.Geometry.Kernel.Volume);
        int perChannel = shape.Weights(layer);
        float[] packed = new float[checked(layer.OutputChannels / shape.Filters * channels * perChannel)];
        for (int run = 0; run < layer.OutputChannels / shape.Filters; run++)
        {
            int group = run * shape.Filters / filters;
            int filter = run * shape.Filters % filters;
            for (int channel = 0; channel < channels; channel++)
            {
                int from = ((((group * channels) + channel) * filters) + filter) * kernel;
                weights.AsSpan(from, shape.Filters * kernel).CopyTo(packed.AsSpan(((run * channels) + channel) * perChannel));
            }
        }

        return packed;
    }

    /// <summary>What a shape needs on the device.</summary>
    private sealed record Cut(DeviceProgram Program, DeviceFloats Weights);
}
