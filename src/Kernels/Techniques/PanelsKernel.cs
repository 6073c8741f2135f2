using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// For each group: a panel of inputs for a few dozen columns is filled, then every few output channels take all phases
/// from it that share it, and the phases along x are interleaved into rows of outputs.
/// </summary>
internal sealed unsafe class PanelsKernel<TVector, TLanes> : IConvTransposeKernel
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private readonly ConvTransposeLayer layer;
    private readonly PanelsShape shape;
    private readonly SpatialPhases phases;
    private readonly AlignedBuffer weights;
    private readonly PanelsWeights places;
    private readonly RowFinisher finisher;

    public PanelsKernel(string technique, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        Technique = technique;
        this.layer = layer;
        shape = new PanelsShape(layer);
        phases = shape.Phases;
        finisher = RowFinisher.Create(layer, bias);
        this.weights = new AlignedBuffer(sizeof(float) * shape.WeightsLength);
        places = new PanelsWeights(shape, this.weights);
        places.Pack(weights);
    }

    public string Technique { get; }

    public void Dispose() => weights.Dispose();

    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
        CancellationToken cancellationToken)
    {
        KernelArguments.CheckCall(
            layer, input.Length, inputBox, output.Length, outputBox, batch, workspace.Length, shape.WorkspaceLength);
        BoxView box = new(inputBox, outputBox);
        fixed (float* inputs = input, outputs = output, work = workspace, packed = weights.Floats)
        {
            for (int plane = 0; plane < Math.Min(shape.Z.Passes, box.Planes); plane++)
            {
                for (int row = 0; row < Math.Min(shape.Y.Passes, box.Rows); row++)
                {
                    PanelsColumns columns = new(layer, phases, box, batch, plane, row);
                    Call call = new(box, columns, inputs, outputs, work, packed, shape);
                    for (int group = 0; group < layer.Groups; group++)
                        ComputeGroup(call, group, cancellationToken);
                }
            }
        }

        GC.KeepAlive(this);
    }

    private void ComputeGroup(in Call call, int group, CancellationToken cancellationToken)
    {
        float* input = call.Inputs + (group * layer.InputChannelsPerGroup * call.Box.InputChannelStride);
        Span<PanelsRun> runs = stackalloc PanelsRun[shape.Columns];
        for (long first = 0; first < call.Columns.Count; first += shape.Columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = (int)Math.Min(shape.Columns, call.Columns.Count - first);
            PanelsPacker<TVector, TLanes>.Pack(shape, call.Box, call.Columns, input, first, count, call.Panel);
            PanelsAhead ahead = new(shape, call.Box, call.Columns, input, first + count);
            ComputePanel(call, ahead, group, runs[..call.Columns.Runs(first, count, runs)], count);
        }
    }

    private void ComputePanel(in Call call, in PanelsAhead ahead, int group, ReadOnlySpan<PanelsRun> runs, int count)
    {
        int slots = shape.Z.Slots * shape.Y.Slots;
        for (int tile = 0; tile < shape.RowTiles; tile++)
        {
            for (int slot = 0; slot < slots; slot++)
            {
                ahead.AskForInput((tile * slots) + slot, shape.RowTiles * slots);
                (int slotZ, int slotY) = Math.DivRem(slot, shape.Y.Slots);
                ComputeRows(call, new RowSlots(group, tile, slotZ, slotY), runs, count);
            }
        }
    }

    /// <summary>Rows of outputs of a register tile's channels.</summary>
    private void ComputeRows(in Call call, in RowSlots slots, ReadOnlySpan<PanelsRun> runs, int count)
    {
        int firstRow = slots.Tile * shape.TileRows;
        int live = Math.Min(shape.RowsOf(slots.Tile), layer.OutputChannelsPerGroup - firstRow);
        int channel = (slots.Group * layer.OutputChannelsPerGroup) + firstRow;
        int asked = 0;
        for (int slotX = 0; slotX < shape.X.Slots; slotX++)
        {
            Phase phase = FindPhase(call, slots, slotX);
            for (int start = 0; start < count; start += shape.TileColumns)
            {
                // A few at a time: many would hold up the loads of the sums.
                int due = (int)((long)live * ((slotX * count) + Math.Min(count, start + shape.TileColumns)) / (shape.X.Slots * count));
                for (; asked < due; asked++)
                    AskForOutput(call, slots, channel + asked, runs);
                ComputeTile(call, phase, start, Math.Min(shape.TileColumns, count - start));
            }
        }

        for (int row = 0; row < live; row++)
            Finish(call, slots, channel + row, call.Totals + (row * (nint)shape.X.Slots * shape.Columns), runs);
    }

    private Phase FindPhase(in Call call, in RowSlots slots, int slotX)
    {
        int rows = shape.RowsOf(slots.Tile);
        int phaseZ = shape.Z.Phase(call.Columns.PhaseZ, slots.Z);
        int phaseY = shape.Y.Phase(call.Columns.PhaseY, slots.Y);
        int phaseX = shape.X.Phase(call.Columns.PhaseX, slotX);
        return new Phase
        {
            Rows = rows,
            Weights = call.Packed + places.Start(slots.Group, phaseZ, phaseY)
                + (slots.Tile * places.TileLength(phaseZ, phaseY)) + places.PhaseStart(phaseZ, phaseY, phaseX, rows),
            Totals = call.Totals + ((nint)slotX * shape.Columns),
            Steps = call.Steps.First(slots.Z, slots.Y, slotX),
            StepCount = call.Steps.Count(slots.Z, slots.Y, slotX),
        };
    }

    /// <summary>The totals of one register tile.</summary>
    private void ComputeTile(in Call call, in Phase phase, int start, int width)
    {
        float* tile = call.Panel + (start * (nint)shape.Lines);
        float* totals = phase.Totals + start;
        nint rowStride = (nint)shape.X.Slots * shape.Columns;
        if (phase.StepCount > 0)
        {
            PanelsTiles<TVector, TLanes>.Run(
                phase.Steps, phase.StepCount, phase.Weights, phase.Rows, tile, shape.TileColumns, call.Subtotals, totals, rowStride, width);
        }
        else
        {
            Clear(totals, phase.Rows, rowStride, width);
        }
    }

    /// <summary>An x-phase without taps.</summary>
    private static void Clear(float* totals, int rows, nint rowStride, int width)
    {
        for (int row = 0; row < rows; row++)
            new Span<float>(totals + (row * rowStride), width).Clear();
    }

    /// <summary>
    /// Asks for the lines that a channel's outputs will be stored to, while their sums are computed: a store that has
    /// to wait for its line holds up all stores behind it.
    /// </summary>
    private void AskForOutput(in Call call, in RowSlots slots, int channel, ReadOnlySpan<PanelsRun> runs)
    {
        foreach (ref readonly PanelsRun run in runs)
        {
            float* output = call.Output(run, slots, channel);
            if (output != null)
                CacheLines.AskFor(output + ((nint)run.First * shape.X.Slots), run.Count * shape.X.Slots);
        }
    }

    private void Finish(in Call call, in RowSlots slots, int channel, float* totals, ReadOnlySpan<PanelsRun> runs)
    {
        int stride = shape.X.Slots;
        foreach (ref readonly PanelsRun run in runs)
        {
            int x = run.First * stride;
            float* output = call.Output(run, slots, channel);
            if (output != null)
            {
                finisher.Write(
                    channel, totals, shape.Columns, stride, output + x, Math.Min(run.Count * stride, call.Box.Width - x));
            }

            totals += run.Count;
        }
    }

    /// <summary>A register tile in one z- and y-phase.</summary>
    private readonly record struct RowSlots(int Group, int Tile, int Z, int Y);

    /// <summary>A register tile's output channels in one phase.</summary>
    private readonly struct Phase
    {
        public required int Rows { get; init; }

        public required float* Weights { get; init; }

        public required float* Totals { get; init; }

        public required BlockStep* Steps { get; init; }

        public required int StepCount { get; init; }
    }

    /// <summary>What stays the same while panels are made for the same phases.</summary>
    private readonly struct Call(
        BoxView box, PanelsColumns columns, float* inputs, float* outputs, float* work, float* packed, PanelsShape shape)
    {
        public readonly BoxView Box = box;
        public readonly PanelsColumns Columns = columns;
        public readonly float* Inputs = inputs;
        public readonly float* Outputs = outputs;
        public readonly float* Packed = packed;
        public readonly float* Panel = work;
        public readonly float* Totals = work + (shape.Lines * shape.Columns);
        public readonly float* Subtotals = work + (shape.Lines * shape.Columns) + shape.TotalsLength;
        public readonly PanelsSteps Steps =
            new(shape, columns, work + (shape.Lines * shape.Columns) + shape.TotalsLength + shape.SubtotalsLength);

        /// <summary>Where a channel's row of outputs begins; null if it lies outside the output box.</summary>
        public float* Output(in PanelsRun run, in RowSlots slots, int channel)
        {
            int plane = run.OutputPlane + slots.Z;
            int row = run.OutputRow + slots.Y;
            if (plane >= Box.Planes || row >= Box.Rows)
                return null;
            return Outputs + run.OutputItem + (channel * Box.OutputChannelStride) + ((((nint)plane * Box.Rows) + row) * Box.Width);
        }
    }
}
