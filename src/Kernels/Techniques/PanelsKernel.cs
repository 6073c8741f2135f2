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
    private readonly AlignedBuffer weights;
    private readonly PanelsWeights places;
    private readonly RowFinisher finisher;

    public PanelsKernel(string technique, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        Technique = technique;
        this.layer = layer;
        shape = new PanelsShape(layer);
        finisher = RowFinisher.Create(layer, bias);
        this.weights = new AlignedBuffer(sizeof(float) * shape.WeightsLength);
        places = new PanelsWeights(shape);
        places.Pack(weights, this.weights.Floats);
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
                    PanelsColumns columns = new(shape, box, batch, plane, row);
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
        Span<nint> rows = stackalloc nint[shape.Columns];
        float** places = stackalloc float*[LinesAhead.Most];
        LinesAhead lines = new(places);
        for (long first = 0; first < call.Columns.Count; first += shape.Columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = (int)Math.Min(shape.Columns, call.Columns.Count - first);
            PanelsPacker<TVector, TLanes>.Pack(shape, call.Box, call.Columns, input, first, count, call.Panel);
            PanelsAhead inputs = new(shape, call.Box, call.Columns, input, first + count);
            ComputePanel(call, inputs, group, runs[..call.Columns.Runs(first, count, runs)], rows, count, ref lines);
        }
    }

    private void ComputePanel(
        in Call call, in PanelsAhead inputs, int group, ReadOnlySpan<PanelsRun> runs, Span<nint> rows, int count, ref LinesAhead ahead)
    {
        int slots = shape.Z.Slots * shape.Y.Slots;
        for (int slot = 0; slot < slots; slot++)
        {
            (int slotZ, int slotY) = Math.DivRem(slot, shape.Y.Slots);
            call.FindRows(runs, slotZ, slotY, shape.X.Slots, rows);
            for (int tile = 0; tile < shape.RowTiles; tile++)
            {
                ahead.Clear();
                inputs.AddTo(ref ahead, (slot * shape.RowTiles) + tile, shape.RowTiles * slots);
                ComputeRows(call, new RowSlots(group, tile, slotZ, slotY), runs, rows, count, ref ahead);
            }
        }
    }

    /// <summary>Rows of outputs of a register tile's channels.</summary>
    private void ComputeRows(
        in Call call, in RowSlots slots, ReadOnlySpan<PanelsRun> runs, ReadOnlySpan<nint> rows, int count, ref LinesAhead ahead)
    {
        int firstRow = slots.Tile * shape.TileRows;
        int live = Math.Min(shape.RowsOf(slots.Tile), layer.OutputChannelsPerGroup - firstRow);
        int channel = (slots.Group * layer.OutputChannelsPerGroup) + firstRow;
        AddOutputsTo(ref ahead, call, channel, live, runs, rows);
        PanelsWeights.Place place = places.Find(
            slots.Group, shape.Z.Phase(call.Columns.PhaseZ, slots.Z), shape.Y.Phase(call.Columns.PhaseY, slots.Y));
        ahead.Spread(PanelsTiles<TVector, TLanes>.Channels(place.Products, shape.RowsOf(slots.Tile), count));
        for (int slotX = 0; slotX < shape.X.Slots; slotX++)
        {
            Phase phase = FindPhase(call, place, slots, slotX);
            for (int start = 0; start < count; start += shape.TileColumns)
                ComputeTile(call, phase, start, Math.Min(shape.TileColumns, count - start), ref ahead);
        }

        Finish(call, channel, live, runs, rows);
    }

    private Phase FindPhase(in Call call, in PanelsWeights.Place place, in RowSlots slots, int slotX)
    {
        int rows = shape.RowsOf(slots.Tile);
        nint before = places.ProductsBefore(place, shape.X.Phase(call.Columns.PhaseX, slotX));
        return new Phase
        {
            Rows = rows,
            Weights = call.Packed + place.Start + (slots.Tile * place.Products * shape.TileRows) + (before * rows),
            Totals = call.Totals + ((nint)slotX * shape.Columns),
            Steps = call.Steps.First(slots.Z, slots.Y, slotX),
            StepCount = call.Steps.Count(slots.Z, slots.Y, slotX),
        };
    }

    /// <summary>The totals of one register tile.</summary>
    private void ComputeTile(in Call call, in Phase phase, int start, int width, ref LinesAhead ahead)
    {
        float* tile = call.Panel + (start * (nint)shape.Lines);
        float* totals = phase.Totals + start;
        nint rowStride = (nint)shape.X.Slots * shape.Columns;
        if (phase.StepCount > 0)
        {
            PanelsTiles<TVector, TLanes>.Run(
                phase.Steps, phase.StepCount, phase.Weights, phase.Rows, tile, shape.TileColumns, call.Subtotals, totals, rowStride, width,
                ref ahead);
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
    /// The lines that outputs will be stored to are asked for while their sums are computed: a store that has to wait for its line
    /// holds up all stores behind it.
    /// </summary>
    private void AddOutputsTo(
        ref LinesAhead ahead, in Call call, int channel, int live, ReadOnlySpan<PanelsRun> runs, ReadOnlySpan<nint> rows)
    {
        for (int index = 0; index < runs.Length; index++)
        {
            float* output = call.Output(channel, rows[index]);
            for (int row = 0; output != null && row < live; row++)
                ahead.Add(output + (row * call.Box.OutputChannelStride), runs[index].Count * shape.X.Slots);
        }
    }

    private void Finish(in Call call, int channel, int live, ReadOnlySpan<PanelsRun> runs, ReadOnlySpan<nint> rows)
    {
        int stride = shape.X.Slots;
        float* totals = call.Totals;
        for (int index = 0; index < runs.Length; index++)
        {
            ref readonly PanelsRun run = ref runs[index];
            float* output = call.Output(channel, rows[index]);
            int length = Math.Min(run.Count * stride, call.Box.Width - (run.First * stride));
            if (output != null)
            {
                finisher.WriteChannels(
                    channel, live, totals, (nint)stride * shape.Columns, shape.Columns, stride, output, call.Box.OutputChannelStride,
                    length);
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

        /// <summary>Where the outputs of each run begin in the first channel; -1 if they lie outside the output box.</summary>
        public void FindRows(ReadOnlySpan<PanelsRun> runs, int slotZ, int slotY, int slotsX, Span<nint> rows)
        {
            for (int index = 0; index < runs.Length; index++)
            {
                ref readonly PanelsRun run = ref runs[index];
                int plane = run.OutputPlane + slotZ;
                int row = run.OutputRow + slotY;
                rows[index] = plane < Box.Planes && row < Box.Rows
                    ? run.OutputItem + ((((nint)plane * Box.Rows) + row) * Box.Width) + ((nint)run.First * slotsX)
                    : -1;
            }
        }

        /// <summary>Where the outputs of a run begin in a channel; null if they lie outside the output box.</summary>
        public float* Output(int channel, nint row) => row < 0 ? null : Outputs + row + (channel * Box.OutputChannelStride);
    }
}
