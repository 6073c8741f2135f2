using System.Collections.Concurrent;
using Upweave.Tiling;

namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>
/// The minimal algorithm: transforms the inputs, sums them in panels, adds the sums up to outputs, and computes cells that are not finite
/// directly. See Programs/minimal.cl and panels.cl.
/// </summary>
internal sealed class GpuMinimalTechnique : IGpuTechnique
{
    private const nuint Width = 32;
    private const nuint Rows = 8;
    private const int DepthMost = MinimalArithmetic.ChannelsPerBlock;

    private readonly GpuDevice device;
    private readonly ConvTransposeLayer layer;
    private readonly MinimalLayout layout;
    private readonly DeviceProgram program;
    private readonly DeviceFloats transformed;
    private readonly DeviceFloats weights;
    private readonly DeviceFloats parameters;
    private readonly PanelsShape? forced;
    private readonly ConcurrentDictionary<PanelsShape, DeviceProgram> programs = new();

    public GpuMinimalTechnique(
        GpuDevice device, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, PanelsShape? forced = null)
    {
        this.device = device;
        this.layer = layer;
        this.forced = forced;
        layout = new MinimalLayout(layer);
        transformed = new DeviceFloats(device, layout.Pack(weights));
        this.weights = new DeviceFloats(device, weights);
        parameters = LayerParameters.Create(device, layer, bias);
        program = device.Program(layout.Tables() + LayerSource.Create(layer, Macros(), "arithmetic.cl", "layer.cl", "minimal.cl"));
    }

    public string Name => "minimal";

    public string Describe(GpuBox box)
    {
        PanelsShape shape = Shape(new MinimalPlaces(layer, layout, box));
        return $"{Name} {shape.Rows}x{shape.Columns}";
    }

    public void Enqueue(GpuStream stream, GpuBox box)
    {
        MinimalPlaces places = new(layer, layout, box);
        int columns = checked((int)places.Columns);
        int marks = checked((int)places.Marks);
        stream.Launch(
            program, "transform_inputs",
            [Whole(places.CellsX, Width), Whole(Math.Max(1, places.InputRows), Rows), (nuint)box.Batch * (nuint)layer.InputChannels],
            [Width, Rows, 1],
            stream.Input.Handle, stream.Workspace.Handle, stream.Marks.Handle, box, marks);
        PanelsShape shape = Shape(places);
        nuint items = (nuint)shape.Items;
        nuint groupsX = (nuint)IntegerMath.CeilDiv(columns, shape.Columns);
        nuint groupsY = (nuint)IntegerMath.CeilDiv(layout.RowsMost, shape.Rows);
        stream.Launch(
            programs.GetOrAdd(shape, _ => device.Program(Source(shape))), "panels",
            [groupsX * items, groupsY, (nuint)layout.Panels], [items, 1, 1],
            stream.Workspace.Handle, transformed.Handle, parameters.Handle, stream.Sums.Handle, box, columns);
        nuint[] cells = [Whole(columns, Width * Rows), (nuint)layer.OutputChannels, (nuint)layout.Phases];
        nuint[] group = [Width * Rows, 1, 1];
        stream.Launch(
            program, "add_points", cells, group,
            stream.Sums.Handle, parameters.Handle, stream.Output.Handle, stream.Marks.Handle, box, columns);
        stream.Launch(
            program, "repair", cells, group,
            stream.Input.Handle, weights.Handle, parameters.Handle, stream.Output.Handle, stream.Marks.Handle, box, columns);
    }

    public void Fit(GpuStream stream, GpuBox box)
    {
        MinimalPlaces places = new(layer, layout, box);
        if (Math.Max(places.LineFloats, places.SumFloats) > int.MaxValue)
            throw new GpuMemoryException("A tile's transformed inputs or sums are more than a program can count.");
        stream.Workspace.Fit(Math.Max(1, sizeof(float) * places.LineFloats));
        stream.Sums.Fit(Math.Max(1, sizeof(float) * places.SumFloats));
        stream.Marks.Fit(sizeof(int) * places.Marks);
    }

    public void Dispose()
    {
        transformed.Dispose();
        weights.Dispose();
        parameters.Dispose();
    }

    private PanelsShape Shape(MinimalPlaces places)
    {
        long products = (long)layer.InputChannelsPerGroup * Math.Max(1, layout.Shifts.Count / layout.Phases);
        return forced ?? PanelsChoice.Of(
            device.Info.ComputeUnits, layout.Panels, layout.RowsMost, places.Columns, products, chunks: 1, outputs: 0).Shape;
    }

    private (string, long)[] Macros() =>
    [
        ("GROUPS", layer.Groups),
        ("PHASES", layout.Phases),
        ("PAIRED_Y", layout.IsPairedY ? 1 : 0),
        ("LINES_Y", layout.LinesY),
        ("LINES_X", layout.LinesX),
        ("MINIMAL", 1),
    ];

    private string Source(PanelsShape shape)
    {
        int perChunk = MinimalArithmetic.ChannelsPerChunk(layer);
        (string, long)[] more =
        [
            .. Macros(),
            ("MERGED", 0),
            ("RAGGED", 0),
            ("SPLIT", 0),
            ("CHUNKS", IntegerMath.CeilDiv(layer.InputChannelsPerGroup, perChunk)),
            ("CHANNELS_PER_CHUNK", perChunk),
            ("CHANNELS_PER_SUM", MinimalArithmetic.ChannelsPerBlock),
            .. shape.Macros(layer.InputChannelsPerGroup, perChunk, DepthMost),
        ];
        return layout.Tables() + shape.LaneMacros + LayerSource.Create(layer, more, "arithmetic.cl", "layer.cl", "panels.cl");
    }

    private static nuint Whole(long extent, nuint group) => ((nuint)extent + group - 1) / group * group;
}
