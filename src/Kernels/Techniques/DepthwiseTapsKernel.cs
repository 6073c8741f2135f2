using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>What does not depend on the vectors of <see cref="DepthwiseTapsKernel{TVector, TLanes}"/>.</summary>
internal static class DepthwiseTapsKernel
{
    private const int SegmentOutputs = 4096;
    private const int SegmentMost = 1024;

    /// <summary>Positions of a row that are computed before they are merged and stored.</summary>
    public static int Segment(int stride) => Math.Clamp(SegmentOutputs / stride, 1, SegmentMost);

    /// <summary>An offset per tap, and the totals of a segment.</summary>
    public static long WorkspaceLength(ConvTransposeLayer layer) =>
        layer.Geometry.Kernel.Volume + (layer.Geometry.Strides[^1] * Segment((int)layer.Geometry.Strides[^1]));

    /// <summary>[Cout, taps], the taps in the order of <see cref="SpatialPhases.Taps"/>.</summary>
    public static float[] Pack(SpatialPhases phases, ReadOnlySpan<float> weights)
    {
        float[] packed = new float[weights.Length];
        int taps = phases.Taps.Length;
        for (int index = 0; index < packed.Length; index++)
            packed[index] = weights[(index / taps * taps) + phases.Taps[index % taps].KernelIndex];
        return packed;
    }
}

/// <summary>
/// Any kernel, stride and dilation: the totals of every x-phase go to a row of a segment in the workspace, which
/// <see cref="RowFinisher"/> merges. Lanes hold consecutive positions of one phase.
/// </summary>
internal sealed unsafe class DepthwiseTapsKernel<TVector, TLanes>(
    string technique, ConvTransposeLayer layer, SpatialPhases phases, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    : DepthwiseKernel(technique, layer, phases, DepthwiseTapsKernel.Pack(phases, weights))
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private readonly RowFinisher finisher = RowFinisher.Create(layer, bias);
    private readonly int stride = phases.X.Stride;
    private readonly int segment = DepthwiseTapsKernel.Segment(phases.X.Stride);

    /// <summary>How far each tap lies from <see cref="DepthwiseRow.Input"/>, for the first output of its x-phase.</summary>
    protected override void Prepare(in DepthwiseCall call)
    {
        int* offsets = (int*)call.Workspace;
        int next = 0;
        for (int phase = 0; phase < Phases.Count; phase++)
        {
            int phaseX = phase % stride;
            nint column = call.ColumnX + (phaseX < call.PhaseX ? 1 : 0);
            for (int left = Phases.TapCount(phase); left > 0; left--, next++)
            {
                SpatialTap tap = Phases.Taps[next];
                offsets[next] = checked((int)((tap.OffsetZ * call.View.InputPlaneStride)
                    + (tap.OffsetY * call.View.InputRowStride) + tap.OffsetX + column));
            }
        }
    }

    protected override void Row(in DepthwiseCall call, in DepthwiseRow row)
    {
        int* offsets = (int*)call.Workspace;
        float* totals = call.Workspace + Phases.Taps.Length;
        float* input = row.Input;
        float* output = row.Output;
        for (int left = call.View.Width; left > 0; left -= segment * stride, input += segment, output += segment * stride)
        {
            int length = Math.Min(left, segment * stride);
            int used = Math.Min(length, stride);
            for (int phase = 0; phase < used; phase++)
            {
                int phaseX = (call.PhaseX + phase) % stride;
                int first = Phases.TapsBefore(row.PhaseZ, row.PhaseY, phaseX);
                DepthwiseTotals<TVector, TLanes>.Run(
                    input, offsets + first, row.Weights + first, Phases.TapCount(row.PhaseZ, row.PhaseY, phaseX),
                    totals + ((nint)phase * segment), (length - phase + stride - 1) / stride);
            }

            finisher.Write(row.Channel, totals, segment, stride, output, length);
        }
    }
}
