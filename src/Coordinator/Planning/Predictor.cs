using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Storage;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Predicts what a plan costs, from shapes alone.</summary>
public static class Predictor
{
    /// <summary>A tile's box is a product of ranges, so sums over all tiles are products of sums per axis.</summary>
    public static PlanPrediction Predict(ConvTransposeLayer layer, ElementType inputType, OutputDraft output, TileDraft tiles)
    {
        ConvTransposeGeometry geometry = layer.Geometry;
        int leading = output.Axes.Leading;
        TileGrid grid = new(output.Shape, tiles.Tile);
        double read = 1;
        double drawnOn = 1;
        double taps = 1;
        for (int axis = 0; axis < geometry.Rank; axis++)
        {
            long ReadExtent(long origin, long extent) => NeededExtent(layer, output.Region, axis, origin, extent);
            long length = output.Region.Shape[axis];
            long tile = grid.Tile[leading + axis];
            double sum = 0;
            for (long start = 0; start < length; start += tile)
            {
                sum += ReadExtent(output.Region.Origin[axis] + start, Math.Min(tile, length - start));
            }

            read *= sum;
            drawnOn *= ReadExtent(output.Region.Origin[axis], length);
            taps *= (double)geometry.Kernel[axis] / geometry.Strides[axis];
        }

        long batch = output.Axes.Batch(output.Shape);
        return new PlanPrediction
        {
            Tiles = grid.Count,
            HaloShare = drawnOn > 0 ? (read / drawnOn) - 1 : 0,
            BytesRead = checked((long)(read * batch * layer.InputChannels * inputType.Size())),
            BytesWritten = checked(output.Shape.Volume * output.Type.Size()),
            Flops = 2.0 * output.Shape.Volume * layer.InputChannelsPerGroup * taps,
            TileBytes = tiles.Footprint.Total,
            WeightBytes = KernelSelector.PackedBytes(layer),
        };
    }

    private static long NeededExtent(ConvTransposeLayer layer, Box region, int axis, long origin, long extent)
    {
        Box box = new(
            Dims.Build(region.Rank, other => other == axis ? origin : region.Origin[other]),
            Dims.Build(region.Rank, other => other == axis ? extent : 1));
        Box read = layer.Geometry.ReadRegion(box);
        return (layer.Border == Border.Replicate ? layer.Geometry.ClampToInput(read) : layer.Geometry.ClipToInput(read)).Shape[axis];
    }
}
