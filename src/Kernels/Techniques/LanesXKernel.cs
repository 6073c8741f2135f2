using Upweave.Kernels.Activations;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// For each segment of an output row and each block of up to four output channels: every phase's totals go to a row
/// of their own in the workspace, the rows are interleaved into the output, and bias and activation finish it in
/// place. At stride 1 the only phase goes to the output directly. Packed weights: [phase][output channels in blocks
/// of 4, then 1][Cin/groups][tap][block].
/// </summary>
internal sealed unsafe class LanesXKernel : IConvTransposeKernel
{
    private readonly ConvTransposeLayer layer;
    private readonly SpatialPhases phases;
    private readonly AlignedBuffer weights;
    private readonly float[] bias;
    private readonly int channelsPerBlock;

    public LanesXKernel(string technique, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        Technique = technique;
        this.layer = layer;
        phases = new SpatialPhases(layer.Geometry);
        channelsPerBlock = DirectArithmetic.ChannelsPerBlock(layer);
        this.bias = bias.IsEmpty ? new float[layer.OutputChannels] : bias.ToArray();
        this.weights = new AlignedBuffer(checked(sizeof(float) * layer.WeightShape.Volume));
        Pack(weights);
    }

    public string Technique { get; }

    public void Dispose() => weights.Dispose();

    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, Span<float> workspace,
        CancellationToken cancellationToken)
    {
        LanesXWorkspace parts = new(layer, outputBox.Shape[outputBox.Rank - 1]);
        KernelArguments.CheckCall(layer, input.Length, inputBox, output.Length, outputBox, workspace.Length, parts.Length);
        BoxView box = new(phases, inputBox, outputBox);
        fixed (float* inputs = input, outputs = output, work = workspace, packed = weights.Floats)
        {
            phases.WriteOffsets((int*)work, box.InputPlaneStride, box.InputRowStride);
            for (int group = 0; group < layer.Groups; group++)
            {
                Call call = new(box, parts, inputs, outputs, work, packed, group);
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
        for (long start = 0; start < call.Box.Width; start += call.Parts.Segment)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = (int)Math.Min(call.Parts.Segment, call.Box.Width - start);
            int channel = 0;
            while (channel < layer.OutputChannelsPerGroup)
            {
                int block = BlockWidth(channel);
                ComputeSegment(call, row, (int)start, length, channel, block);
                channel += block;
            }
        }
    }

    /// <summary>Channels computed together from this one of the group on.</summary>
    private int BlockWidth(int channel) =>
        layer.OutputChannelsPerGroup - channel >= LanesXTiles.Channels ? LanesXTiles.Channels : 1;

    private void ComputeSegment(in Call call, BoxRow row, int start, int length, int channel, int block)
    {
        int stride = phases.X.Stride;
        int outputChannel = (call.Group * layer.OutputChannelsPerGroup) + channel;
        float* output = call.Outputs + (outputChannel * call.Box.OutputChannelStride) + row.OutputOffset + start;
        float* rows = stride == 1 ? output : call.Work + call.Parts.OffsetsLength;
        nint channelStride = stride == 1 ? call.Box.OutputChannelStride : (nint)Math.Min(stride, length) * call.Parts.RowLength;
        for (int slot = 0; slot < Math.Min(stride, length); slot++)
        {
            PhaseRun run = Run(call, row, start + slot, channel, outputChannel);
            int count = (length - slot + stride - 1) / stride;
            LanesXTiles.Run(run, rows + ((nint)slot * call.Parts.RowLength), channelStride, block, count);
        }

        for (int lane = 0; lane < block; lane++)
        {
            float* target = output + (lane * call.Box.OutputChannelStride);
            if (stride > 1)
                Interleave.Rows(rows + (lane * channelStride), call.Parts.RowLength, stride, target, length);
            Epilogue.Apply(layer.Activation, target, length, bias[outputChannel + lane]);
        }
    }

    private PhaseRun Run(in Call call, BoxRow row, int column, int channel, int outputChannel)
    {
        (int phaseX, nint offset) = call.Box.Column(column);
        int before = phases.TapsBefore(row.PhaseZ, row.PhaseY, phaseX);
        int taps = phases.TapCount(row.PhaseZ, row.PhaseY, phaseX);
        int channels = layer.InputChannelsPerGroup;
        float* input = call.Inputs + (call.Group * channels * call.Box.InputChannelStride) + row.InputOffset + offset;
        float* packed = call.Packed + ((nint)before * layer.OutputChannels * channels) + ((nint)outputChannel * channels * taps);
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
                for (int group = 0; group < layer.Groups; group++)
                {
                    for (int channel = 0, block; channel < layer.OutputChannelsPerGroup; channel += block)
                    {
                        block = BlockWidth(channel);
                        WeightPacker.Pack(target, layer, source, taps, group, channel, block, block);
                        target += (nint)block * layer.InputChannelsPerGroup * taps.Length;
                    }
                }
            }
        }
    }

    /// <summary>What stays the same during one call for one group.</summary>
    private readonly struct Call(
        BoxView box, LanesXWorkspace parts, float* inputs, float* outputs, float* work, float* packed, int group)
    {
        public readonly BoxView Box = box;
        public readonly LanesXWorkspace Parts = parts;
        public readonly float* Inputs = inputs;
        public readonly float* Outputs = outputs;
        public readonly float* Work = work;
        public readonly float* Packed = packed;
        public readonly int Group = group;
    }
}
