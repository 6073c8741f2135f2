using System.Collections.Concurrent;
using Upweave.Tiling;

namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>The fast mode, on matrix units: see Programs/tensor.cl. Its results are near those of the exact mode, not the same.</summary>
internal sealed class GpuTensorTechnique : IGpuTechnique
{
    /// <summary>Cells of channels that go through local memory at a time.</summary>
    private const int Step = 16;
    private const int PartsMost = 16;
    private const nuint AddItems = 256;

    /// <summary>The sums of all parts take so much at most.</summary>
    private const long PartBytesMost = 256 << 20;

    private readonly GpuDevice device;
    private readonly ConvTransposeLayer layer;
    private readonly FastPrecision precision;
    private readonly PanelsLayout layout;
    private readonly DeviceFloats weights;
    private readonly DeviceFloats parameters;
    private readonly (TensorShape Shape, int Parts)? forced;
    private readonly ConcurrentDictionary<(TensorShape Shape, int Parts), DeviceProgram> programs = new();

    public GpuTensorTechnique(
        GpuDevice device, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, FastPrecision precision,
        (TensorShape Shape, int Parts)? forced = null)
    {
        this.device = device;
        this.layer = layer;
        this.precision = precision;
        this.forced = forced;
        layout = new PanelsLayout(layer);
        int channels = layer.InputChannelsPerGroup;
        this.weights = new DeviceFloats(
            device, TensorWeights.Round(layout.Pack(weights, channels), channels, layout.RowsPadded, precision));
        parameters = LayerParameters.Create(device, layer, bias);
    }

    public string Name => precision switch
    {
        FastPrecision.Tf32 => "tf32",
        FastPrecision.Float16 => "fp16",
        _ => "bf16",
    };

    private int Cells => (int)IntegerMath.CeilDiv(layer.InputChannelsPerGroup, TensorWeights.Pack(precision));

    private int StepsPerTap => (int)IntegerMath.CeilDiv(Cells, Step);

    public string Describe(GpuBox box)
    {
        (TensorShape shape, int parts) = Choose(box);
        return $"{Name} {shape.Rows}x{shape.Columns}{(layout.IsMerged ? " merged" : "")}{(parts > 1 ? $" / {parts}" : "")}";
    }

    public void Fit(GpuStream stream, GpuBox box)
    {
        int parts = Choose(box).Parts;
        if (parts > 1)
            stream.Workspace.Fit(sizeof(float) * parts * Outputs(box));
    }

    public void Enqueue(GpuStream stream, GpuBox box)
    {
        (TensorShape shape, int parts) = Choose(box);
        DeviceProgram program = programs.GetOrAdd((shape, parts), _ => device.Program(Source(shape, parts)));
        nuint items = (nuint)shape.Items;
        nuint groupsX = (nuint)IntegerMath.CeilDiv(layout.Columns(box), shape.Columns);
        nuint groupsY = (nuint)IntegerMath.CeilDiv(layout.Rows, shape.Rows);
        stream.Launch(
            program, "tensor", [groupsX * items, groupsY, (nuint)layout.Panels * (nuint)layer.Groups * (nuint)parts], [items, 1, 1],
            stream.Input.Handle, weights.Handle, parameters.Handle, parts > 1 ? stream.Workspace.Handle : stream.Output.Handle, box);
        if (parts == 1)
            return;
        int volume = checked(box.OutputZ * box.OutputY * box.OutputX);
        int outputs = checked((int)Outputs(box));
        stream.Launch(
            program, "add_parts", [((nuint)outputs + AddItems - 1) / AddItems * AddItems], [AddItems],
            stream.Workspace.Handle, parameters.Handle, stream.Output.Handle, volume, outputs);
    }

    public void Dispose()
    {
        weights.Dispose();
        parameters.Dispose();
    }

    /// <summary>The largest panels that give every multiprocessor something to do; where none do, the sum is cut as well.</summary>
    private (TensorShape Shape, int Parts) Choose(GpuBox box)
    {
        if (forced is { } choice)
            return choice;
        long steps = (long)layout.TapsMost * StepsPerTap;
        long partsMost = Math.Clamp(PartBytesMost / (sizeof(float) * Outputs(box)), 1, Math.Min(PartsMost, Math.Max(1, steps / 8)));
        (TensorShape, int) best = default;
        double least = double.PositiveInfinity;
        foreach (TensorShape shape in TensorShape.All)
        {
            long groups = layout.Panels * layer.Groups * IntegerMath.CeilDiv(layout.Rows, shape.Rows)
                * IntegerMath.CeilDiv(layout.Columns(box), shape.Columns);
            for (int parts = 1; parts <= partsMost; parts *= 2)
            {
                double depth = IntegerMath.CeilDiv(steps, parts) + 4; // what a work group costs beside its steps
                double waves = IntegerMath.CeilDiv(groups * parts, device.Info.ComputeUnits);
                double cost = waves * depth * shape.Rows * shape.Columns / shape.Efficiency;
                cost += parts > 1 ? parts * Outputs(box) / 40.0 : 0;
                if (cost < least)
                    (best, least) = ((shape, parts), cost);
            }
        }

        return best;
    }

    private long Outputs(GpuBox box) => (long)box.Batch * layer.OutputChannels * box.OutputZ * box.OutputY * box.OutputX;

    private string Source(TensorShape shape, int parts) => layout.Tables() + LayerSource.Create(
        layer,
        [
            ("NVIDIA", device.Info.IsNvidia ? 1 : 0),
            ("PRECISION", (int)precision),
            ("PACK", TensorWeights.Pack(precision)),
            ("GROUPS", layer.Groups),
            ("PHASES", layout.Phases),
            ("MERGED", layout.IsMerged ? 1 : 0),
            ("ROWS", layout.Rows),
            ("ROWS_PADDED", layout.RowsPadded),
            ("CELLS_PER_GROUP", Cells),
            ("STEPS_PER_TAP", StepsPerTap),
            ("PARTS", parts),
            ("STEP", Step),
            ("BM", shape.Rows),
            ("BN", shape.Columns),
            ("WM", shape.WarpRows),
            ("WN", shape.WarpColumns),
            ("THREADS", shape.Items),
        ],
        "arithmetic.cl", "layer.cl", "places.cl", "tensor.cl");
}
