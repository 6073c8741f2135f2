using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// For each group, z-phase and y-phase: a panel of inputs for a few dozen columns is filled, then every few output
/// channels take all x-phases from it, and the phases are interleaved into rows of outputs.
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
            for (int plane = 0; plane < Math.Min(phases.Z.Stride, box.Planes); plane++)
            {
                for (int row = 0; row < Math.Min(phases.Y.Stride, box.Rows); row++)
                {
                    PanelsColumns columns = new(layer, phases, box, batch, plane, row);
                    Call call = new(box, columns, inputs, outputs, work, packed, shape);
                    for (int slot = 0; slot < phases.X.Stride; slot++)
                        PanelsSteps.Write(shape, columns, slot, call.Steps);
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
            for (int start = 0; start < count; start += shape.TileColumns)
            {
                int width = Math.Min(shape.TileColumns, count - start);
                float* tile = call.Panel + (start * (nint)shape.Lines);
                PanelsPacker<TVector, TLanes>.Pack(shape, call.Box, call.Columns, input, first + start, width, tile);
            }

            ComputePanel(call, group, runs[..call.Columns.Runs(first, count, runs)], count);
        }
    }

    private void ComputePanel(in Call call, int group, ReadOnlySpan<PanelsRun> runs, int count)
    {
        nint tileLength = places.TileLength(call.Columns.PhaseZ, call.Columns.PhaseY);
        float* packed = call.Packed + places.Start(group, call.Columns.PhaseZ, call.Columns.PhaseY);
        for (int tile = 0; tile < shape.RowTiles; tile++, packed += tileLength)
        {
            int rows = shape.RowsOf(tile);
            int live = Math.Min(rows, layer.OutputChannelsPerGroup - (tile * shape.TileRows));
            int channel = (group * layer.OutputChannelsPerGroup) + (tile * shape.TileRows);
            for (int row = 0; row < live; row++)
                AskForOutput(call, channel + row, runs);
            for (int slot = 0; slot < phases.X.Stride; slot++)
                ComputePhase(call, packed, rows, slot, count);
            for (int row = 0; row < live; row++)
                Finish(call, channel + row, call.Totals + (row * (nint)phases.X.Stride * shape.Columns), runs);
        }
    }

    /// <summary>The totals of a register tile's output channels in one x-phase.</summary>
    private void ComputePhase(in Call call, float* packed, int rows, int slot, int count)
    {
        int phase = (call.Columns.PhaseX + slot) % phases.X.Stride;
        nint rowStride = (nint)phases.X.Stride * shape.Columns;
        float* totals = call.Totals + ((nint)slot * shape.Columns);
        int before = PanelsSteps.Start(shape, call.Columns, slot);
        int stepCount = PanelsSteps.Start(shape, call.Columns, slot + 1) - before;
        float* phaseWeights = packed + places.PhaseStart(call.Columns.PhaseZ, call.Columns.PhaseY, phase, rows);
        for (int start = 0; start < count; start += shape.TileColumns, totals += shape.TileColumns)
        {
            int width = Math.Min(shape.TileColumns, count - start);
            float* tile = call.Panel + (start * (nint)shape.Lines);
            if (stepCount > 0)
            {
                PanelsTiles<TVector, TLanes>.Run(
                    call.Steps + before, stepCount, phaseWeights, rows, tile, call.Subtotals, totals, rowStride, width);
            }
            else
            {
                Clear(totals, rows, rowStride, width);
            }
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
    private void AskForOutput(in Call call, int channel, ReadOnlySpan<PanelsRun> runs)
    {
        int stride = phases.X.Stride;
        float* output = call.Outputs + (channel * call.Box.OutputChannelStride);
        foreach (ref readonly PanelsRun run in runs)
            CacheLines.AskFor(output + run.OutputRow + ((nint)run.First * stride), run.Count * stride);
    }

    private void Finish(in Call call, int channel, float* totals, ReadOnlySpan<PanelsRun> runs)
    {
        int stride = phases.X.Stride;
        float* output = call.Outputs + (channel * call.Box.OutputChannelStride);
        foreach (ref readonly PanelsRun run in runs)
        {
            int x = run.First * stride;
            finisher.Write(
                channel, totals, shape.Columns, stride, output + run.OutputRow + x, Math.Min(run.Count * stride, call.Box.Width - x));
            totals += run.Count;
        }
    }

    /// <summary>What stays the same for one z-phase and y-phase of a call.</summary>
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
        public readonly BlockStep* Steps =
            (BlockStep*)(work + (shape.Lines * shape.Columns) + shape.TotalsLength + shape.SubtotalsLength);
    }
}
