using System.Numerics;
using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>
/// The constants of the minimal algorithm that docs/arithmetic.md fixes, and for which layers it is there and chosen. Changing one
/// changes bits, so it needs a new version.
/// </summary>
public static class MinimalArithmetic
{
    /// <summary>Input channels in one block of the sum; the last block of a chunk may have fewer.</summary>
    public const int ChannelsPerBlock = 16;

    private const int ChannelsPerChunkMost = 64;
    private const int CellPositions = 2;

    /// <summary>Inputs of a cell, over all input channels of a group, that a kernel holds at once.</summary>
    private const long CellInputsMost = 12_000;
    private const int StrideMost = 16;

    /// <summary>Below so many input channels per group the error would be larger than that of a sum over all channels and taps.</summary>
    private const int ChannelsWorthOneAxis = 64;
    private const int ChannelsForTwoAxes = 128;
    private const int ChannelsWorthThreeAxes = 256;

    /// <summary>Below so many output channels per group, preparing the inputs costs more than it saves.</summary>
    private const int OutputChannelsWorthwhile = 24;

    /// <summary>On a shorter axis too many cells are cut by the border.</summary>
    private const int ExtentWorthwhile = 24;

    /// <summary>Input channels of a group in one chunk of the sum; the last chunk of a group may have fewer.</summary>
    public static int ChannelsPerChunk(ConvTransposeLayer layer)
    {
        int channels = layer.InputChannelsPerGroup;
        return (int)IntegerMath.CeilDiv(channels, IntegerMath.CeilDiv(channels, ChannelsPerChunkMost));
    }

    /// <summary>
    /// The cells of the minimal algorithm: two positions on the last axis, and on the one before where there are channels enough for
    /// both. Null where the last axis has none, or where the inputs of a cell are too many.
    /// </summary>
    public static Dims? Cell(ConvTransposeLayer layer) =>
        (layer.InputChannelsPerGroup >= ChannelsForTwoAxes ? Cell(layer, axes: 2) : null) ?? Cell(layer, axes: 1);

    /// <summary>Cells on the last one or two axes; null where one of them has none, or where the inputs of a cell are too many.</summary>
    public static Dims? Cell(ConvTransposeLayer layer, int axes)
    {
        ConvTransposeGeometry geometry = layer.Geometry;
        int first = geometry.Rank - axes;
        double inputs = layer.InputChannelsPerGroup;
        for (int axis = 0; axis < geometry.Rank; axis++)
            inputs *= axis >= first ? Lines(geometry, axis) : TapsMost(geometry, axis);
        for (int axis = first; axis < geometry.Rank; axis++)
        {
            if (axis < 0 || !HasCells(geometry, axis))
                return null;
        }

        return inputs <= CellInputsMost ? Dims.Build(geometry.Rank, axis => axis >= first ? CellPositions : 1) : null;
    }

    /// <summary>
    /// What <c>auto</c> chooses: a function of the layer's shape alone, so that every machine chooses alike.
    /// </summary>
    /// <returns>The geometry with the cells of the minimal algorithm, or as it is.</returns>
    public static ConvTransposeGeometry Choose(ConvTransposeLayer layer)
    {
        ConvTransposeGeometry geometry = layer.Geometry;
        if (Cell(layer) is not Dims cell || layer.OutputChannelsPerGroup < OutputChannelsWorthwhile)
            return geometry;
        int axes = 0;
        for (int axis = 0; axis < geometry.Rank; axis++)
        {
            if (cell[axis] > 1 && geometry.Input[axis] < ExtentWorthwhile)
                return geometry;
            axes += cell[axis] > 1 ? 1 : 0;
        }

        bool savesEnough = axes == Math.Min(geometry.Rank, 2) || HasTriples(geometry, geometry.Rank - 1);
        int channels = geometry.Rank == 3 ? ChannelsWorthThreeAxes : ChannelsWorthOneAxis;
        return savesEnough && layer.InputChannelsPerGroup >= channels ? geometry with { Cell = cell } : geometry;
    }

    /// <summary>Whether all phases of an axis have three taps, on neighbouring inputs.</summary>
    private static bool HasTriples(ConvTransposeGeometry geometry, int axis) => geometry.Kernel[axis] == 3 * geometry.Strides[axis];

    /// <summary>Whether an axis has phases of two taps on neighbouring inputs, and none of more; or all of three.</summary>
    private static bool HasCells(ConvTransposeGeometry geometry, int axis) =>
        geometry.Dilations[axis] == 1 && geometry.Strides[axis] <= StrideMost && geometry.Kernel[axis] > geometry.Strides[axis]
        && (geometry.Kernel[axis] <= 2 * geometry.Strides[axis] || HasTriples(geometry, axis));

    /// <summary>One more than taps; and an input of its own where some phases have a single tap.</summary>
    private static int Lines(ConvTransposeGeometry geometry, int axis) => geometry.Kernel[axis] == 2 * geometry.Strides[axis] ? 3 : 4;

    /// <summary>Taps of the phase that has most.</summary>
    private static long TapsMost(ConvTransposeGeometry geometry, int axis)
    {
        long common = (long)BigInteger.GreatestCommonDivisor(geometry.Strides[axis], geometry.Dilations[axis]);
        return IntegerMath.CeilDiv(geometry.Kernel[axis], geometry.Strides[axis] / common);
    }
}
