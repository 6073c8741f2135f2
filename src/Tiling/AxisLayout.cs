namespace Upweave.Tiling;

/// <summary>
/// How an array's axes map to batch, channels and space. Arrays are always in the order batch, channels, space, and may
/// lack the first two: [N,C,D,H,W], [N,D,H,W], [C,H,W], [D,H,W] and so on. A missing axis counts as an extent of 1.
/// </summary>
/// <param name="HasBatch">The array has a leading batch axis.</param>
/// <param name="HasChannels">The array has a channel axis.</param>
/// <param name="SpatialRank">Spatial axes: 1, 2 or 3.</param>
public readonly record struct AxisLayout(bool HasBatch, bool HasChannels, int SpatialRank)
{
    /// <summary>Axes before the first spatial one.</summary>
    public int Leading => (HasBatch ? 1 : 0) + (HasChannels ? 1 : 0);

    public int Rank => Leading + SpatialRank;

    /// <summary>OME-NGFF's names, one letter per axis, e.g. <c>cyx</c>; the batch axis is <c>n</c>.</summary>
    public string Axes => (HasBatch ? "n" : "") + (HasChannels ? "c" : "") + "zyx"[^SpatialRank..];

    /// <summary>
    /// The layout of an array of the given rank whose axes have no names, a batch axis before channels only; null when no layout fits.
    /// </summary>
    public static AxisLayout? FromRank(int rank, int spatialRank) => (rank - spatialRank) switch
    {
        0 => new AxisLayout(false, false, spatialRank),
        1 => new AxisLayout(false, true, spatialRank),
        2 => new AxisLayout(true, true, spatialRank),
        _ => null,
    };

    public long Batch(Dims shape) => HasBatch ? shape[0] : 1;

    public long Channels(Dims shape) => HasChannels ? shape[Leading - 1] : 1;

    /// <summary>The spatial axes of a shape.</summary>
    public Dims Spatial(Dims shape) => shape.From(Leading);

    /// <summary>The spatial axes of a box.</summary>
    public Box Spatial(Box box) => box.From(Leading);

    /// <summary>An array's shape from its parts; batch and channels are dropped where the array lacks them.</summary>
    public Dims Join(long batch, long channels, Dims spatial) => Join(batch, channels).Concat(spatial);

    /// <summary>The box of one batch item, all channels, and a spatial box.</summary>
    public Box Join(long batchIndex, long channels, Box spatial) =>
        new(Join(batchIndex, 0).Concat(spatial.Origin), Join(1, channels).Concat(spatial.Shape));

    private Dims Join(long batch, long channels) => (HasBatch, HasChannels) switch
    {
        (true, true) => [batch, channels],
        (true, false) => [batch],
        (false, true) => [channels],
        _ => [],
    };
}
