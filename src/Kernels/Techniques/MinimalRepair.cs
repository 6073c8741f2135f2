using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Computes cells that are not finite again, whole, by the direct algorithm. Allocates, unlike all else: such cells are few, or their
/// outputs of no use.
/// </summary>
internal sealed unsafe class MinimalRepair(MinimalShape shape, IConvTransposeKernel direct) : IDisposable
{
    private readonly ConvTransposeLayer layer = shape.Layer;

    public void Dispose() => direct.Dispose();

    /// <param name="first">The panel's first column.</param>
    /// <param name="count">Its columns, of which those with a mark are repaired. The panel is overwritten.</param>
    public void Run(in MinimalCall call, int group, long first, int count, CancellationToken cancellationToken)
    {
        for (int column = 0; column < count; column++)
        {
            if (call.Marks[column] == 0)
                continue;
            MinimalRun run = call.Columns.Run(first + column);
            for (int row = 0; row < (shape.Y.HasCells ? shape.Y.Outputs : 1); row++)
            {
                int y = run.Row + row;
                if (y >= 0 && y < call.Box.Rows)
                    RepairRow(call, group, run, y, cancellationToken);
            }
        }
    }

    private void RepairRow(in MinimalCall call, int group, in MinimalRun run, int y, CancellationToken cancellationToken)
    {
        int start = (run.First * shape.X.Outputs) - call.Columns.Skipped;
        int end = Math.Min(start + shape.X.Outputs, call.Box.Width);
        start = Math.Max(start, 0);
        Box row = BoxOf(call.Box.OutputZ + run.Plane, call.Box.OutputY + y, call.Box.OutputX + start, end - start);
        int width = end - start;
        int inputLength = checked((int)(layer.InputChannels * call.Box.InputChannelStride));
        ReadOnlySpan<float> input = new(call.Inputs + (run.Item * (nint)inputLength), inputLength);
        Span<float> outputs = new(call.Repaired, layer.OutputChannels * width);
        Span<float> workspace = new(call.Repaired + shape.RepairLength, checked((int)shape.RepairWorkspaceLength));
        direct.Compute(input, call.InputBox, outputs, row, batch: 1, workspace, cancellationToken);
        for (int index = 0; index < layer.OutputChannelsPerGroup; index++)
        {
            int channel = (group * layer.OutputChannelsPerGroup) + index;
            nint place = (((run.Item * (nint)layer.OutputChannels) + channel) * call.Box.OutputChannelStride)
                + ((((nint)run.Plane * call.Box.Rows) + y) * call.Box.Width) + start;
            outputs.Slice(channel * width, width).CopyTo(new Span<float>(call.Outputs + place, width));
        }
    }

    private Box BoxOf(long z, long y, long x, int width)
    {
        int missing = 3 - layer.Geometry.Rank;
        return new Box(Dims.Create([z, y, x]).From(missing), Dims.Create([1, 1, width]).From(missing));
    }
}
