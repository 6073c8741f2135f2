using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// For each group, and each phase of the axes without cells: the lines of a few dozen cells are made, then every few output channels
/// take all phases of the axes with cells from them. Cells that are not finite are computed again by the direct algorithm.
/// </summary>
internal sealed unsafe class MinimalKernel<TVector, TLanes> : IConvTransposeKernel
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private readonly ConvTransposeLayer layer;
    private readonly MinimalShape shape;
    private readonly AlignedBuffer weights;
    private readonly MinimalSteps steps;
    private readonly RowFinisher finisher;
    private readonly MinimalRepair repair;

    public MinimalKernel(string technique, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        Technique = technique;
        this.layer = layer;
        shape = new MinimalShape(layer);
        steps = new MinimalSteps(shape);
        finisher = RowFinisher.Create(layer, bias);
        repair = new MinimalRepair(shape, KernelSelector.Create(shape.Direct, weights, bias));
        this.weights = new AlignedBuffer(sizeof(float) * shape.WeightsLength);
        fixed (float* packed = this.weights.Floats)
            new MinimalWeights(shape).Pack(weights, packed);
    }

    public string Technique { get; }

    public void Dispose()
    {
        weights.Dispose();
        steps.Dispose();
        repair.Dispose();
    }

    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
        CancellationToken cancellationToken)
    {
        KernelArguments.CheckCall(
            layer, input.Length, inputBox, output.Length, outputBox, batch, workspace.Length, shape.WorkspaceLength);
        BoxView box = new(inputBox, outputBox);
        fixed (float* inputs = input, outputs = output, work = workspace, packed = weights.Floats)
        {
            for (int plane = 0; plane < Math.Min(shape.Z.Stride, box.Planes); plane++)
            {
                for (int row = 0; row < Math.Min(shape.Y.OuterPhases, box.Rows); row++)
                {
                    MinimalColumns columns = new(shape, box, batch, plane, row);
                    MinimalCall call = new(shape, inputBox, box, columns, inputs, outputs, work, packed);
                    for (int group = 0; group < layer.Groups; group++)
                        ComputeGroup(call, group, cancellationToken);
                }
            }
        }

        GC.KeepAlive(this);
    }

    private void ComputeGroup(in MinimalCall call, int group, CancellationToken cancellationToken)
    {
        float* input = call.Inputs + (group * layer.InputChannelsPerGroup * call.Box.InputChannelStride);
        float** places = stackalloc float*[LinesAhead.Most];
        LinesAhead ahead = new(places);
        Span<MinimalRun> runs = stackalloc MinimalRun[shape.Columns];
        for (long first = 0; first < call.Columns.Count; first += shape.Columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = (int)Math.Min(shape.Columns, call.Columns.Count - first);
            for (int start = 0; start < count; start += shape.TileColumns)
            {
                int width = Math.Min(shape.TileColumns, count - start);
                float* tile = call.Panel + (start * (nint)shape.PanelLines);
                MinimalPacker<TVector, TLanes>.Pack(shape, call.Box, call.Columns, input, first + start, width, tile);
            }

            new Span<int>(call.Marks, count).Clear();
            if (!ComputePanel(call, group, runs[..call.Columns.Runs(first, count, runs)], count, ref ahead))
                repair.Run(call, group, first, count, cancellationToken);
        }
    }

    /// <returns>Whether all cells are finite; the others have a mark.</returns>
    private bool ComputePanel(in MinimalCall call, int group, ReadOnlySpan<MinimalRun> runs, int count, ref LinesAhead ahead)
    {
        bool finite = true;
        long products = (long)shape.Taps(call.Columns.PhaseZ, call.Columns.OuterY) * layer.InputChannelsPerGroup
            * shape.X.PointsOfInnerPhases;
        nint tileLength = (nint)shape.PointLength(call.Columns.PhaseZ, call.Columns.OuterY) * shape.Points;
        float* packed = call.Packed + shape.WeightsStart(group, call.Columns.PhaseZ, call.Columns.OuterY);
        for (int tile = 0; tile < shape.RowTiles; tile++, packed += tileLength)
        {
            int live = Math.Min(shape.TileRows, layer.OutputChannelsPerGroup - (tile * shape.TileRows));
            int channel = (group * layer.OutputChannelsPerGroup) + (tile * shape.TileRows);
            for (int innerY = 0; innerY < shape.Y.InnerPhases; innerY++)
            {
                ahead.Clear();
                AddOutputsTo(ref ahead, call, channel, live, innerY, runs);
                ahead.Spread(PanelsTiles<TVector, TLanes>.Channels(products * shape.Y.Points(innerY), shape.TileRows, count));
                for (int phaseX = 0; phaseX < shape.X.InnerPhases; phaseX++)
                    finite &= ComputePhase(call, packed, innerY, phaseX, count, ref ahead) || !call.Mark(live, phaseX, count);

                for (int position = 0; position < shape.Y.Positions; position++)
                    Finish(call, channel, live, position, innerY, runs);
            }
        }

        return finite;
    }

    /// <summary>The totals of a few output channels in one phase.</summary>
    /// <returns>Whether all are finite, those of channels and columns that are not there included.</returns>
    private bool ComputePhase(in MinimalCall call, float* packed, int innerY, int phaseX, int count, ref LinesAhead ahead)
    {
        bool finite = true;
        int taps = shape.Taps(call.Columns.PhaseZ, call.Columns.OuterY);
        nint pointLength = shape.PointLength(call.Columns.PhaseZ, call.Columns.OuterY);
        nint lineStep = (nint)taps * layer.InputChannelsPerGroup * shape.TileColumns;
        int pointsY = shape.Y.Points(innerY), pointsX = shape.X.Points(phaseX);
        nint sumsLength = shape.SubtotalsLength;
        packed += ((shape.Y.PointsBefore(innerY) * shape.X.PointsOfInnerPhases) + (pointsY * shape.X.PointsBefore(phaseX))) * pointLength;
        for (int start = 0; start < count; start += shape.TileColumns)
        {
            int width = Math.Min(shape.TileColumns, count - start);
            float* tile = call.Panel + (start * (nint)shape.PanelLines);
            for (int point = 0; point < pointsY * pointsX; point++)
            {
                float* sums = call.Sums + (point * sumsLength);
                int line = (shape.Y.Line(innerY, point / pointsX) * shape.X.Lines) + shape.X.Line(phaseX, point % pointsX);
                if (taps > 0)
                {
                    PanelsTiles<TVector, TLanes>.Run(
                        steps.List(taps), steps.Count(taps), packed + (point * pointLength), shape.TileRows, tile + (line * lineStep),
                        shape.TileColumns, call.Subtotals, sums, shape.TileColumns, width, ref ahead);
                }
                else
                {
                    new Span<float>(sums, (int)sumsLength).Clear();
                }
            }

            finite &= MinimalCombiner<TVector, TLanes>.Run(
                call.Sums, pointsY, pointsX, sumsLength, shape.TileColumns, width, call.Totals + ((nint)phaseX * shape.Columns) + start,
                (nint)shape.X.Outputs * shape.Columns, (nint)shape.TileRows * shape.X.Outputs * shape.Columns,
                (nint)shape.X.Stride * shape.Columns);
        }

        return finite;
    }

    /// <summary>
    /// The lines that a register tile's outputs will be stored to are asked for while their sums are computed: a store that has to
    /// wait for its line holds up all stores behind it.
    /// </summary>
    private void AddOutputsTo(
        ref LinesAhead ahead, in MinimalCall call, int channel, int live, int innerY, ReadOnlySpan<MinimalRun> runs)
    {
        int outputs = shape.X.Outputs;
        foreach (ref readonly MinimalRun run in runs)
        {
            for (int position = 0; position < shape.Y.Positions; position++)
            {
                float* output = Output(call, channel, run, (position * shape.Y.Stride) + innerY);
                for (int row = 0; output != null && row < live; row++, output += call.Box.OutputChannelStride)
                    ahead.Add(output + (run.First * outputs) - call.Columns.Skipped, run.Count * outputs);
            }
        }
    }

    /// <summary>One row of outputs for each row of cells, in some channels.</summary>
    private void Finish(in MinimalCall call, int channel, int live, int position, int innerY, ReadOnlySpan<MinimalRun> runs)
    {
        float* totals = call.Totals + ((nint)position * shape.TileRows * shape.X.Outputs * shape.Columns);
        foreach (ref readonly MinimalRun run in runs)
        {
            float* output = Output(call, channel, run, (position * shape.Y.Stride) + innerY);
            if (output != null)
                FinishRun(call, channel, live, run, totals, output);
            totals += run.Count;
        }
    }

    /// <summary>Where a channel's row of outputs begins; null if it lies outside the output box.</summary>
    private float* Output(in MinimalCall call, int channel, in MinimalRun run, int rowOfCell)
    {
        int y = run.Row + rowOfCell;
        if (y < 0 || y >= call.Box.Rows)
            return null;
        return call.Outputs + (((run.Item * (nint)layer.OutputChannels) + channel) * call.Box.OutputChannelStride)
            + ((((nint)run.Plane * call.Box.Rows) + y) * call.Box.Width);
    }

    /// <summary>What a row's first cell has before the box is skipped.</summary>
    private void FinishRun(in MinimalCall call, int channel, int live, in MinimalRun run, float* totals, float* output)
    {
        int outputs = shape.X.Outputs;
        nint step = (nint)outputs * shape.Columns, outputStep = call.Box.OutputChannelStride;
        int start = (run.First * outputs) - call.Columns.Skipped;
        int end = Math.Min(start + (run.Count * outputs), call.Box.Width);
        if (start < 0)
        {
            int part = Math.Min(start + outputs, end);
            float* first = totals - ((nint)start * shape.Columns);
            finisher.WriteChannels(channel, live, first, step, shape.Columns, part, output, outputStep, part);
            start += outputs;
            totals++;
        }

        if (start < end)
            finisher.WriteChannels(channel, live, totals, step, shape.Columns, outputs, output + start, outputStep, end - start);
    }
}
