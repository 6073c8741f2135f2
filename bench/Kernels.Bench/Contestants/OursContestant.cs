using Upweave.Bench.Machine;
using Upweave.Bench.Shapes;
using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Bench.Contestants;

/// <summary>
/// Upweave's kernel as a worker calls it: weights packed once, one call per output box, buffers made before.
/// One box is the whole output; several split its first axis, one per thread. The border is in place already, as in a tile.
/// </summary>
internal sealed class OursContestant : IContestant
{
    private const int BytesPerFloat = 4;
    private readonly ShapeRow row;
    private readonly IConvTransposeKernel kernel;
    private readonly Box inputBox;
    private readonly AlignedBuffer input;
    private readonly AlignedBuffer output;
    private readonly Box[] boxes;
    private readonly AlignedBuffer[] parts;
    private readonly AlignedBuffer[] workspaces;
    private readonly HelperThreads threads;

    public OursContestant(RowData data, int threadCount)
    {
        row = data.Row;
        ConvTransposeLayer layer = row.Layer;
        kernel = KernelSelector.Create(layer, data.Weights.Floats, []);
        boxes = Split(row.Output, threadCount);
        inputBox = layer.Geometry.ReadRegion(Box.Whole(row.Output));
        int inputItem = checked((int)(layer.InputChannels * inputBox.Volume));
        input = new AlignedBuffer((long)BytesPerFloat * inputItem * row.Batch);
        int source = checked((int)(layer.InputChannels * layer.Geometry.Input.Volume));
        for (int item = 0; item < row.Batch; item++)
        {
            PaddedInput.Fill(
                data.Input.Floats.Slice(item * source, source), layer.Geometry.Input, layer.InputChannels,
                input.Floats.Slice(item * inputItem, inputItem), inputBox);
        }

        output = new AlignedBuffer(BytesPerFloat * row.OutputShape.Volume);
        output.Floats.Fill(float.NaN);
        parts = boxes.Length == 1
            ? [output]
            : [.. boxes.Select(box => new AlignedBuffer(BytesPerFloat * row.Batch * layer.OutputChannels * box.Volume))];
        workspaces = [.. boxes.Select(box => new AlignedBuffer(BytesPerFloat * KernelSelector.WorkspaceLength(layer, box.Shape)))];
        threads = new HelperThreads(boxes.Length, Compute);
    }

    public string Name => "upweave";

    public string Technique => kernel.Technique;

    /// <summary>Bytes of workspace, over all threads.</summary>
    public long WorkspaceBytes => workspaces.Sum(workspace => (long)workspace.Memory.Length);

    public void Run() => threads.Run();

    public ReadOnlySpan<float> Output()
    {
        if (boxes.Length > 1)
            Assemble();
        return output.Floats;
    }

    public void Dispose()
    {
        threads.Dispose();
        kernel.Dispose();
        input.Dispose();
        output.Dispose();
        foreach (AlignedBuffer buffer in parts.Concat(workspaces))
        {
            buffer.Dispose();
        }
    }

    private void Compute(int part)
    {
        Box box = boxes[part];
        kernel.Compute(input.Floats, inputBox, parts[part].Floats, box, row.Batch, workspaces[part].Floats, CancellationToken.None);
    }

    /// <summary>Along the first axis, so each plane of a part is one run of the same plane of the whole.</summary>
    private void Assemble()
    {
        int plane = checked((int)row.Output.Volume);
        int slice = checked((int)row.Output.From(1).Volume);
        for (int part = 0; part < boxes.Length; part++)
        {
            int length = (int)boxes[part].Volume;
            int start = (int)boxes[part].Origin[0] * slice;
            for (int index = 0; index < row.Batch * row.Layer.OutputChannels; index++)
            {
                parts[part].Floats.Slice(index * length, length).CopyTo(output.Floats.Slice((index * plane) + start, length));
            }
        }
    }

    private static Box[] Split(Dims output, int count)
    {
        count = (int)Math.Min(count, output[0]);
        return [.. Enumerable.Range(0, count).Select(part =>
        {
            long first = output[0] * part / count, end = output[0] * (part + 1) / count;
            return new Box(
                Dims.Create([first]).Concat(Dims.Repeat(0, output.Count - 1)), Dims.Create([end - first]).Concat(output.From(1)));
        })];
    }
}
