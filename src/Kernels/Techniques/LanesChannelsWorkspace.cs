using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The parts of a call's workspace: tap offsets, then the totals of a segment of a row, [output][lane]. A segment has
/// at most 48 outputs of each phase: enough to use a block of weights often while it lies in the first-level cache,
/// few enough for their totals to lie there too; and a multiple of the tiles' 6 outputs.
/// </summary>
internal readonly struct LanesChannelsWorkspace
{
    private const int OutputsPerPhaseMost = 48;
    private const int OutputsPerPhaseLeast = 6;
    private const int SegmentOutputs = 384;

    public LanesChannelsWorkspace(ConvTransposeLayer layer, long width)
    {
        long stride = layer.Geometry.Strides[layer.Geometry.Rank - 1];
        long outputsPerPhase = Math.Clamp(SegmentOutputs / stride, OutputsPerPhaseLeast, OutputsPerPhaseMost);
        Segment = checked((int)(outputsPerPhase * stride));
        OffsetsLength = IntegerMath.RoundUp(layer.Geometry.Kernel.Volume, LanesChannelsTiles.Lanes);
        Length = checked(OffsetsLength + (Math.Min(Segment, width) * LanesChannelsTiles.Lanes));
    }

    /// <summary>Outputs of a row worked on at a time, a multiple of the stride.</summary>
    public int Segment { get; }

    /// <summary>Floats (of 4 bytes, as the offsets are) before the totals.</summary>
    public long OffsetsLength { get; }

    public long Length { get; }
}
