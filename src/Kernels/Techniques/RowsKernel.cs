using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Goes down the rows of one segment of x after the other. Totals of a few output rows, output channels and all phases
/// of x are computed together, job by job (<see cref="RowsProgram"/>), and then finished. Packed weights:
/// [output channel][tap][Cin/groups].
/// </summary>
internal sealed unsafe class RowsKernel : IConvTransposeKernel
{
    private const int Alignment = 64;
    private readonly ConvTransposeLayer layer;
    private readonly RowsPlan plan;
    private readonly RowsForms forms;
    private readonly AlignedBuffer weights;
    private readonly RowFinisher finisher;
    private readonly nint channelWeights;

    public RowsKernel(string technique, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        Technique = technique;
        this.layer = layer;
        plan = new RowsPlan(layer, VectorWidth.Bits / 32);
        forms = RowsForms.Create(VectorWidth.Bits);
        finisher = RowFinisher.Create(layer, bias);
        channelWeights = checked((nint)layer.Geometry.Kernel.Volume * layer.InputChannelsPerGroup);
        this.weights = new AlignedBuffer(checked(sizeof(float) * layer.WeightShape.Volume));
        Pack(weights, this.weights.Floats);
    }

    public string Technique { get; }

    public void Dispose() => weights.Dispose();

    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
        CancellationToken cancellationToken)
    {
        BoxView box = new(inputBox, outputBox);
        RowsWorkspace parts = new(plan, box.Rows, box.Width);
        KernelArguments.CheckCall(layer, input.Length, inputBox, output.Length, outputBox, batch, workspace.Length, parts.Length);
        fixed (float* inputs = input, outputs = output, work = workspace, packed = weights.Floats)
        {
            float* aligned = (float*)(((nint)work + Alignment - 1) / Alignment * Alignment);
            RowsProgram program = new(plan, (int*)aligned, parts, plan.UsesRing);
            for (int item = 0; item < batch * layer.Groups; item++)
            {
                nint group = item % layer.Groups;
                RowsInput source = new(
                    plan, parts, aligned + parts.Copy, box, inputs + (item * layer.InputChannelsPerGroup * box.InputChannelStride));
                Target target = new(
                    outputs + (item * layer.OutputChannelsPerGroup * box.OutputChannelStride), aligned + parts.Totals,
                    aligned + parts.Subtotals, packed + (group * layer.OutputChannelsPerGroup * channelWeights),
                    (int)group * layer.OutputChannelsPerGroup);
                for (int plane = 0; plane < box.Planes; plane++)
                    ComputePlane(box, parts, ref program, ref source, target, plane, cancellationToken);
            }
        }

        GC.KeepAlive(this);
    }

    private void ComputePlane(
        in BoxView box, in RowsWorkspace parts, ref RowsProgram program, ref RowsInput source, in Target target, int plane,
        CancellationToken cancellationToken)
    {
        long z = box.OutputZ + plane + plan.Geometry.PadsBegin[0];
        long x = box.OutputX + plan.Geometry.PadsBegin[2];
        long firstPosition = IntegerMath.FloorDiv(x, plan.StrideX);
        int before = (int)(x - (firstPosition * plan.StrideX));
        int positions = (int)IntegerMath.CeilDiv(before + box.Width, plan.StrideX);
        for (int start = 0; start < positions; start += parts.Segment)
        {
            RowsSpan span = new((int)plan.StrideX, before, start, Math.Min(parts.Segment, positions - start), box.Width);
            source.Restart(z, box.OutputX + span.First, span.Length, firstPosition + start);
            int slotsY;
            int bands;
            for (int row = 0; row < box.Rows; row += slotsY * bands)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long y = box.OutputY + row + plan.Geometry.PadsBegin[1];
                slotsY = (int)Math.Min(plan.SlotsFrom(y), box.Rows - row);
                bands = slotsY < plan.SlotsY ? 1 : Math.Min(parts.Band, (box.Rows - row) / slotsY);
                for (int channel = 0; channel < layer.OutputChannelsPerGroup; channel += plan.OutputChannels)
                {
                    program.Prepare(z, y, slotsY, Math.Min(plan.OutputChannels, layer.OutputChannelsPerGroup - channel));
                    int wanted = ((bands - 1) * parts.RingPitch) + span.Positions;
                    long work = IntegerMath.CeilDiv(wanted, plan.Lanes) * plan.Chunks * program.Taps;
                    source.Fill(program, y, bands, box.Rows - row - (slotsY * bands), work);
                    Sum(parts, program, ref source, target, channel, wanted);
                    nint offset = (channel * box.OutputChannelStride) + ((((nint)plane * box.Rows) + row) * box.Width) + span.First;
                    Finish(box, parts, program, target, offset, channel, bands, span);
                }
            }
        }
    }

    /// <summary>Totals of all rows of the program over the positions of a segment, or of all bands of it.</summary>
    private void Sum(
        in RowsWorkspace parts, in RowsProgram program, ref RowsInput source, in Target target, int channel, int positions)
    {
        int allVectors = (int)IntegerMath.CeilDiv(positions, plan.Lanes);
        int strips = Math.Max(1, (allVectors + (plan.StripVectors / 2)) / plan.StripVectors);
        int stripVectors = (int)IntegerMath.CeilDiv(allVectors, strips);
        for (int firstVector = 0; firstVector < allVectors; firstVector += stripVectors)
        {
            int vectors = Math.Min(stripVectors, allVectors - firstVector);
            int start = firstVector * plan.Lanes;
            float* totals = target.Totals + start;
            for (int first = 0; first < layer.InputChannelsPerGroup; first += plan.ChannelsPerBlock)
            {
                source.Chunk(first, Math.Min(plan.ChannelsPerBlock, layer.InputChannelsPerGroup - first), start, vectors * plan.Lanes);
                float* packed = target.Weights + (channel * channelWeights) + first;
                bool direct = first == 0 || program.Jobs == 1;
                float* sums = direct ? totals : target.Subtotals;
                SumChunk(parts, program, ref source, packed, sums, vectors, first > 0 && direct);
                if (!direct)
                    RowsTotals.Add(totals, target.Subtotals, program.Rows, parts.Pitch, vectors * plan.Lanes);
            }
        }
    }

    /// <summary>All taps over a chunk of channels; without <paramref name="add"/> what the sums held is replaced.</summary>
    private void SumChunk(
        in RowsWorkspace parts, in RowsProgram program, ref RowsInput source, float* packed, float* sums, int vectors, bool add)
    {
        int jobs = program.Jobs;
        if (!add && (jobs == 0 || program.Job(0).Count < program.Rows || source.Skips(program.Job(0))))
        {
            RowsTotals.Clear(sums, program.Rows, parts.Pitch, vectors * plan.Lanes);
            add = true;
        }

        for (int number = 0; number < jobs; number++)
        {
            RowsJob job = program.Job(number);
            if (source.Skips(job))
                continue;
            float* x = source.Find(program, job);
            forms.Run(x, ref source, packed, (int*)job.Rows, job.Count, sums, vectors, add);
            add = true;
        }
    }

    private void Finish(
        in BoxView box, in RowsWorkspace parts, in RowsProgram program, in Target target, nint offset, int channel, int bands,
        in RowsSpan span)
    {
        int rows = program.SlotsY * program.Channels;
        for (int number = 0; number < rows * bands; number++)
        {
            (int band, int row) = (number / rows, number % rows);
            (int slot, int lane) = (row / program.Channels, row % program.Channels);
            float* output = target.Output + offset + (lane * box.OutputChannelStride)
                + (((band * (nint)program.SlotsY) + slot) * box.Width);
            float* totals = target.Totals + (row * plan.StrideX * parts.Pitch) + (band * parts.RingPitch);
            int output0 = target.FirstChannel + channel + lane;
            if (span.Partial > 0)
                finisher.Write(output0, totals + ((nint)span.Before * parts.Pitch), parts.Pitch, span.Stride, output, span.Partial);
            int whole = span.Length - span.Partial;
            if (whole > 0)
                finisher.Write(output0, totals + (span.Partial > 0 ? 1 : 0), parts.Pitch, span.Stride, output + span.Partial, whole);
        }
    }

    private void Pack(ReadOnlySpan<float> source, Span<float> packed)
    {
        int taps = (int)layer.Geometry.Kernel.Volume;
        int next = 0;
        for (int output = 0; output < layer.OutputChannels; output++)
        {
            int group = output / layer.OutputChannelsPerGroup;
            for (int tap = 0; tap < taps; tap++)
            {
                for (int channel = 0; channel < layer.InputChannelsPerGroup; channel++)
                {
                    long filter = (((long)group * layer.InputChannelsPerGroup) + channel) * layer.OutputChannelsPerGroup;
                    packed[next++] = source[(int)(((filter + (output % layer.OutputChannelsPerGroup)) * taps) + tap)];
                }
            }
        }
    }

    /// <summary>Where the results and weights of one batch item's group are.</summary>
    private readonly struct Target(float* output, float* totals, float* subtotals, float* weights, int firstChannel)
    {
        public readonly float* Output = output;
        public readonly float* Totals = totals;
        public readonly float* Subtotals = subtotals;
        public readonly float* Weights = weights;
        public readonly int FirstChannel = firstChannel;
    }
}
