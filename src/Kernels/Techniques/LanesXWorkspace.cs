using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The parts of a call's workspace: tap offsets, then one phase row per register channel and phase. Rows are
/// worked on in segments, so that a segment of all phases stays in the first-level cache however wide the array is.
/// </summary>
internal readonly struct LanesXWorkspace
{
    private const int SegmentOutputs = 2048;

    public LanesXWorkspace(ConvTransposeLayer layer, long width)
    {
        long stride = layer.Geometry.Strides[layer.Geometry.Rank - 1];
        long outputsPerPhase = Math.Min(Math.Max(1, SegmentOutputs / stride), IntegerMath.CeilDiv(width, stride));
        RowLength = checked((int)outputsPerPhase);
        Segment = checked(outputsPerPhase * stride);
        OffsetsLength = IntegerMath.RoundUp(layer.Geometry.Kernel.Volume, LanesXTiles.Lanes);
        RowsLength = stride == 1 ? 0 : checked(LanesXTiles.Channels * Math.Min(stride, width) * RowLength);
    }

    /// <summary>Floats of one phase row.</summary>
    public int RowLength { get; }

    /// <summary>Outputs of a row worked on at a time, a multiple of the stride.</summary>
    public long Segment { get; }

    /// <summary>Floats (of 4 bytes, as the offsets are) before the phase rows.</summary>
    public long OffsetsLength { get; }

    public long RowsLength { get; }

    public long Length => checked(OffsetsLength + RowsLength);
}
