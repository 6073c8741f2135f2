using System.Collections.Concurrent;
using Upweave.Tiling;

namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>
/// The direct algorithm as products of matrices that are never in memory; see Programs/panels.cl. For all layers with more than one
/// channel per group.
/// </summary>
internal sealed class GpuPanelsTechnique : IGpuTechnique
{
    private const nuint AddItems = 256;

    private readonly GpuDevice device;
    private readonly ConvTransposeLayer layer;
    private readonly PanelsLayout layout;
    private readonly DeviceFloats weights;
    private readonly DeviceFloats parameters;
    private readonly int chunks;
    private readonly ConcurrentDictionary<PanelsChoice, DeviceProgram> programs = new();
    private readonly Func<GpuBox, PanelsChoice> choose;

    public GpuPanelsTechnique(
        GpuDevice device, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, PanelsChoice? forced = null)
    {
        this.device = device;
        this.layer = layer;
        layout = new PanelsLayout(layer);
        chunks = (int)IntegerMath.CeilDiv(layer.InputChannelsPerGroup, DirectArithmetic.ChannelsPerBlock(layer));
        this.weights = new DeviceFloats(device, layout.Pack(weights, DirectArithmetic.ChannelsPerBlock(layer)));
        parameters = LayerParameters.Create(device, layer, bias);
        choose = forced is PanelsChoice choice ? _ => choice : Choose;
    }

    public string Name => "panels";

    public string Describe(GpuBox box)
    {
        PanelsChoice choice = choose(box);
        PanelsShape shape = choice.Shape;
        string split = choice.IsSplit && chunks > 1 ? $" / {chunks}" : "";
        return $"{Name} {shape.Rows}x{shape.Columns}{(layout.IsMerged ? " merged" : "")}{split}";
    }

    public void Enqueue(GpuStream stream, GpuBox box)
    {
        PanelsChoice choice = choose(box);
        PanelsShape shape = choice.Shape;
        bool isSplit = choice.IsSplit && chunks > 1;
        DeviceProgram program = Program(choice);
        long groupsX = IntegerMath.CeilDiv(layout.Columns(box), shape.Columns);
        long groupsY = IntegerMath.CeilDiv(layout.Rows, shape.Rows);
        long groupsZ = (long)layout.Panels * layer.Groups * (isSplit ? chunks : 1);
        nuint items = (nuint)shape.Items;
        stream.Launch(
            program, "panels", [(nuint)groupsX * items, (nuint)groupsY, (nuint)groupsZ], [items, 1, 1],
            stream.Input.Handle, weights.Handle, parameters.Handle, isSplit ? stream.Workspace.Handle : stream.Output.Handle, box);
        if (!isSplit)
            return;
        int volume = checked(box.OutputZ * box.OutputY * box.OutputX);
        int outputs = checked(box.Batch * layer.OutputChannels * volume);
        stream.Launch(
            program, "add_parts", [((nuint)outputs + AddItems - 1) / AddItems * AddItems], [AddItems],
            stream.Workspace.Handle, parameters.Handle, stream.Output.Handle, volume, outputs);
    }

    public void Fit(GpuStream stream, GpuBox box)
    {
        if (choose(box).IsSplit && chunks > 1)
            stream.Workspace.Fit(sizeof(float) * chunks * Outputs(box));
    }

    public void Dispose()
    {
        weights.Dispose();
        parameters.Dispose();
    }

    /// <summary>Writing the text takes longer than many a kernel.</summary>
    private DeviceProgram Program(PanelsChoice choice) =>
        programs.GetOrAdd(choice, _ => device.Program(Source(choice.Shape, choice.IsSplit && chunks > 1)));

    private PanelsChoice Choose(GpuBox box) => PanelsChoice.Of(
        device.Info.ComputeUnits, (long)layout.Panels * layer.Groups, layout.Rows, layout.Columns(box),
        (long)layout.TapsMost * layer.InputChannelsPerGroup, chunks, Outputs(box));

    private long Outputs(GpuBox box) => (long)box.Batch * layer.OutputChannels * box.OutputZ * box.OutputY * box.OutputX;

    private string Source(PanelsShape shape, bool isSplit)
    {
        int perChunk = DirectArithmetic.ChannelsPerBlock(layer);
        return layout.Tables() + shape.LaneMacros + LayerSource.Create(
            layer,
            [
                ("GROUPS", layer.Groups),
                ("PHASES", layout.Phases),
                ("MERGED", layout.IsMerged ? 1 : 0),
                ("RAGGED", layout.IsRagged ? 1 : 0),
                ("ROWS", layout.Rows),
                ("ROWS_PADDED", layout.RowsPadded),
                ("CHUNKS", chunks),
                ("PARTS", isSplit ? chunks : 1),
                ("CHANNELS_PER_CHUNK", perChunk),
                ("CHANNELS_PER_SUM", perChunk),
                ("MINIMAL", 0),
                ("SPLIT", isSplit ? 1 : 0),
                .. shape.Macros(layer.InputChannelsPerGroup, perChunk, shape.DepthMost),
            ],
            "arithmetic.cl", "layer.cl", "places.cl", "panels.cl");
    }
}
