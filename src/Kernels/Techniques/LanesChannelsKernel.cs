using Upweave.Kernels.Activations;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// For each block of 16 output channels and each segment of an output row: every phase writes its totals to their
/// places in a small [output][lane] table, so phases need no interleaving; the table is transposed into the output,
/// where bias and activation finish it. Rows are the inner loop, so that a channel block's weights stay in the
/// second-level cache. Packed weights: [phase][group][block of 16 output channels][Cin/groups][tap][16].
/// </summary>
internal sealed unsafe class LanesChannelsKernel : IConvTransposeKernel
{
    private const int Lanes = LanesChannelsTiles.Lanes;
    private readonly ConvTransposeLayer layer;
    private readonly SpatialPhases phases;
    private readonly AlignedBuffer weights;
    private readonly float[] bias;
    private readonly int channelsPerBlock;
    private readonly int blocksPerGroup;

    public LanesChannelsKernel(string technique, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        Technique = technique;
        this.layer = layer;
        phases = new SpatialPhases(layer.Geometry);
        channelsPerBlock = DirectArithmetic.ChannelsPerBlock(layer);
        blocksPerGroup = (int)IntegerMath.CeilDiv(layer.OutputChannelsPerGroup, Lanes);
        this.bias = bias.IsEmpty ? new float[layer.OutputChannels] : bias.ToArray();
        this.weights = new AlignedBuffer(checked(sizeof(float) * LanesChannelsTechnique.PackedFloats(layer)));
        Pack(weights);
    }

    public string Technique { get; }

    public void Dispose() => weights.Dispose();

    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, Span<float> workspace,
        CancellationToken cancellationToken)
    {
        LanesChannelsWorkspace parts = new(layer, outputBox.Shape[outputBox.Rank - 1]);
        KernelArguments.CheckCall(layer, input.Length, inputBox, output.Length, outputBox, workspace.Length, parts.Length);
        BoxView box = new(phases, inputBox, outputBox);
        fixed (float* inputs = input, outputs = output, work = workspace, packed = weights.Floats)
        {
            phases.WriteOffsets((int*)work, box.InputPlaneStride, box.InputRowStride);
            for (int block = 0; block < layer.Groups * blocksPerGroup; block++)
            {
                Call call = new(box, parts, inputs, outputs, work, packed, block);
                for (int plane = 0; plane < box.Planes; plane++)
                {
                    for (int row = 0; row < box.Rows; row++)
                        ComputeRow(call, box.Row(plane, row), cancellationToken);
                }
            }
        }

        GC.KeepAlive(this);
    }

    private void ComputeRow(in Call call, BoxRow row, CancellationToken cancellationToken)
    {
        int stride = phases.X.Stride;
        float* totals = call.Work + call.Parts.OffsetsLength;
        for (int start = 0; start < call.Box.Width; start += call.Parts.Segment)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Math.Min(call.Parts.Segment, call.Box.Width - start);
            for (int slot = 0; slot < Math.Min(stride, length); slot++)
            {
                PhaseRun run = Run(call, row, start + slot);
                int count = (length - slot + stride - 1) / stride;
                LanesChannelsTiles.Run(run, totals + ((nint)slot * Lanes), (nint)stride * Lanes, count);
            }

            Finish(call, totals, row.OutputOffset + start, length);
        }
    }

    private void Finish(in Call call, float* totals, nint outputOffset, int length)
    {
        int firstInGroup = call.Block % blocksPerGroup * Lanes;
        int channel = (call.Block / blocksPerGroup * layer.OutputChannelsPerGroup) + firstInGroup;
        int live = Math.Min(Lanes, layer.OutputChannelsPerGroup - firstInGroup);
        for (int lane = 0; lane < live; lane++, channel++)
        {
            float* output = call.Outputs + (channel * call.Box.OutputChannelStride) + outputOffset;
            LanesChannelsTiles.CopyLane(totals + lane, output, length);
            Epilogue.Apply(layer.Activation, output, length, bias[channel]);
        }
    }

    private PhaseRun Run(in Call call, BoxRow row, int column)
    {
        (int phaseX, nint offset) = call.Box.Column(column);
        int before = phases.TapsBefore(row.PhaseZ, row.PhaseY, phaseX);
        int taps = phases.TapCount(row.PhaseZ, row.PhaseY, phaseX);
        int channels = layer.InputChannelsPerGroup;
        int firstChannel = call.Block / blocksPerGroup * channels;
        float* input = call.Inputs + (firstChannel * call.Box.InputChannelStride) + row.InputOffset + offset;
        nint blockFloats = (nint)channels * Lanes;
        float* packed = call.Packed + (before * layer.Groups * blocksPerGroup * blockFloats) + (call.Block * taps * blockFloats);
        return new PhaseRun(input, call.Box.InputChannelStride, channels, channelsPerBlock, (int*)call.Work + before, taps, packed);
    }

    private void Pack(ReadOnlySpan<float> source)
    {
        fixed (float* packed = weights.Floats)
        {
            float* target = packed;
            for (int phase = 0, before = 0; phase < phases.Count; phase++)
            {
                ReadOnlySpan<SpatialTap> taps = phases.Taps.Slice(before, phases.TapCount(phase));
                before += taps.Length;
                for (int block = 0; block < layer.Groups * blocksPerGroup; block++)
                {
                    int first = block % blocksPerGroup * Lanes;
                    int live = Math.Min(Lanes, layer.OutputChannelsPerGroup - first);
                    WeightPacker.Pack(target, layer, source, taps, block / blocksPerGroup, first, Lanes, live);
                    target += (nint)Lanes * layer.InputChannelsPerGroup * taps.Length;
                }
            }
        }
    }

    /// <summary>What stays the same during one call for one block of output channels.</summary>
    private readonly struct Call(
        BoxView box, LanesChannelsWorkspace parts, float* inputs, float* outputs, float* work, float* packed, int block)
    {
        public readonly BoxView Box = box;
        public readonly LanesChannelsWorkspace Parts = parts;
        public readonly float* Inputs = inputs;
        public readonly float* Outputs = outputs;
        public readonly float* Work = work;
        public readonly float* Packed = packed;

        /// <summary>Counted over all groups.</summary>
        public readonly int Block = block;
    }
}
