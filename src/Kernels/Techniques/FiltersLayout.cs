using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// How a layer's filters are put into vector lanes. A filter is an output channel at one phase. Sets of phases share
/// their taps' inputs; the filters of a set, [channel of the group][y phase][x phase], are cut into blocks of lanes.
/// Packed weights: [set][group][block][chunk of channels][tap][channel of the chunk][lane], so a block of the sum
/// is one contiguous run.
/// </summary>
internal sealed class FiltersLayout
{
    /// <summary>Below this share of lanes in use, phases fill them up.</summary>
    private const double LanesInUseLeast = 0.75;

    private const int SetsPerRowMost = 4;

    public FiltersLayout(ConvTransposeLayer layer, int lanes)
    {
        Layer = layer;
        Lanes = lanes;
        Chunk = DirectArithmetic.ChannelsPerBlock(layer);
        TapsPerBlock = DirectArithmetic.TapsPerBlock(layer);
        ConvTransposeGeometry geometry = ThreeAxes.Lift(layer.Geometry);
        Kernel = geometry.Kernel;
        Input = geometry.Input;
        bool merge = MergesColumns(layer, geometry, lanes);
        Z = Axis(layer, geometry, 0, false);
        Y = Axis(layer, geometry, 1, merge);
        X = Axis(layer, geometry, 2, merge);
        SetsPerRow = X.Sets <= SetsPerRowMost ? X.Sets : 1;
        Chunks = (int)IntegerMath.CeilDiv(layer.InputChannelsPerGroup, Chunk);
        LanesPerSet = checked(layer.OutputChannelsPerGroup * Y.PhasesPerSet * X.PhasesPerSet);
        Blocks = (int)IntegerMath.CeilDiv(LanesPerSet, lanes);
    }

    public ConvTransposeLayer Layer { get; }

    /// <summary>Lanes of a block: two vectors.</summary>
    public int Lanes { get; }

    /// <summary>Channels in a block of the sum.</summary>
    public int Chunk { get; }

    /// <summary>Taps in a block of the sum.</summary>
    public int TapsPerBlock { get; }

    /// <summary>Kernel size on three axes.</summary>
    public Dims Kernel { get; }

    /// <summary>Extents of the input array on three axes.</summary>
    public Dims Input { get; }

    public FiltersAxis Z { get; }

    public FiltersAxis Y { get; }

    public FiltersAxis X { get; }

    /// <summary>
    /// Sets along x whose outputs are written together, interleaved; 1 where they are written one by one.
    /// </summary>
    public int SetsPerRow { get; }

    /// <summary>Filters of one group and set.</summary>
    public int LanesPerSet { get; }

    /// <summary>Blocks of lanes of one group and set.</summary>
    public int Blocks { get; }

    /// <summary>Whether the second vector of a block has no filters.</summary>
    public bool IsHalf(int block) => LanesPerSet - (block * Lanes) <= Lanes / 2;

    public int Chunks { get; }

    /// <summary>Taps of the set that has most.</summary>
    public long TapsMost => (long)Z.TapsMost * Y.TapsMost * X.TapsMost;

    /// <summary>Floats of packed weights.</summary>
    public long PackedLength => checked(
        (long)Z.TapsOfAllSets * Y.TapsOfAllSets * X.TapsOfAllSets * Layer.Groups * Blocks * Layer.InputChannelsPerGroup * Lanes);

    /// <summary>Floats of bias, [group][block][lane].</summary>
    public long BiasLength => (long)Layer.Groups * Blocks * Lanes;

    /// <summary>Taps of a set.</summary>
    public int Taps(FiltersSet set) => Z.Taps(set.Z).Length * Y.Taps(set.Y).Length * X.Taps(set.X).Length;

    /// <summary>Where a block's weights begin.</summary>
    public nint PackedOffset(FiltersSet set, int group, int block)
    {
        int tapsZ = Z.Taps(set.Z).Length;
        int tapsY = Y.Taps(set.Y).Length;
        nint before = ((nint)Z.TapsBefore(set.Z) * Y.TapsOfAllSets) + ((nint)tapsZ * Y.TapsBefore(set.Y));
        before = (before * X.TapsOfAllSets) + ((nint)tapsZ * tapsY * X.TapsBefore(set.X));
        nint blocksBefore = (before * Layer.Groups * Blocks) + ((nint)Taps(set) * ((group * Blocks) + block));
        return blocksBefore * Layer.InputChannelsPerGroup * Lanes;
    }

    /// <summary>The filter in a lane of a set.</summary>
    public FiltersLane Lane(int lane)
    {
        int row = lane / X.PhasesPerSet;
        return new FiltersLane(row / Y.PhasesPerSet, row % Y.PhasesPerSet, lane % X.PhasesPerSet);
    }

    /// <summary>
    /// Lanes along the phases of a row store whole vectors: worth it from eight phases on, where channels alone would
    /// leave lanes empty, and where an axis has a single input.
    /// </summary>
    private static bool MergesColumns(ConvTransposeLayer layer, ConvTransposeGeometry geometry, int lanes)
    {
        int channels = layer.OutputChannelsPerGroup;
        double inUse = (double)channels / IntegerMath.RoundUp(channels, lanes);
        return IsUniform(layer, geometry, 2)
            && (Stride(layer, geometry, 2) >= 8 || SingleInput(layer, geometry, 2) || inUse < LanesInUseLeast);
    }

    private static FiltersAxis Axis(ConvTransposeLayer layer, ConvTransposeGeometry geometry, int axis, bool merge) => new(
        geometry.Kernel[axis], Stride(layer, geometry, axis), geometry.Dilations[axis], geometry.PadsBegin[axis],
        merge && IsUniform(layer, geometry, axis));

    /// <summary>Whether all phases of the axis read the same inputs.</summary>
    private static bool IsUniform(ConvTransposeLayer layer, ConvTransposeGeometry geometry, int axis) =>
        geometry.Kernel[axis] % Stride(layer, geometry, axis) == 0 && (geometry.Dilations[axis] == 1 || geometry.Kernel[axis] == 1);

    /// <summary>
    /// The one input of an axis gives every output by one tap, so the kernel is as good a stride as any: all outputs
    /// are phases of one position then. Their other taps lie outside the array. Not where a block
    /// of the sum has several taps: their numbers would change.
    /// </summary>
    private static long Stride(ConvTransposeLayer layer, ConvTransposeGeometry geometry, int axis) =>
        SingleInput(layer, geometry, axis) ? geometry.Kernel[axis] : geometry.Strides[axis];

    private static bool SingleInput(ConvTransposeLayer layer, ConvTransposeGeometry geometry, int axis) =>
        layer.Border == Border.Zero && DirectArithmetic.TapsPerBlock(layer) == 1 && geometry.Input[axis] == 1
        && geometry.Dilations[axis] == 1 && geometry.Kernel[axis] > geometry.Strides[axis];
}

/// <summary>A set of phases, by its number on each axis.</summary>
internal readonly record struct FiltersSet(int Z, int Y, int X);

/// <summary>The filter in a lane: an output channel of the group, and phases counted from the set's first.</summary>
internal readonly record struct FiltersLane(int Channel, int PhaseY, int PhaseX);
