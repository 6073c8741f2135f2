using Upweave.Kernels;
using Upweave.Storage;
using Upweave.Tiling;

namespace Upweave.Planning;

/// <summary>
/// The parts that a tile is computed in where its elements are not stored as float32: bands along its first axis, so short that the
/// kernel's output is still in the cache when it is converted into the tile. Any cut gives the same bits.
/// </summary>
/// <param name="Axis">Spatial; the tile has a single position on the axes before it, so a band is one run per channel.</param>
/// <param name="Extent">Of a band on that axis; the last one may have less.</param>
public readonly record struct TileBands(int Axis, long Extent)
{
    /// <summary>Of a band's output as float32: half of a second-level cache of 1 MiB. Twice that or half makes no difference.</summary>
    private const long BandBytes = 512 << 10;

    /// <summary>Fewer periods of the stride would make calls of too little work; the band is larger then.</summary>
    private const long PeriodsLeast = 8;

    /// <param name="tile">Spatial shape of a tile that is not at the far edge.</param>
    /// <param name="bandBytes">Of a band's output as float32, if that is not too short.</param>
    public static TileBands Of(ConvTransposeLayer layer, Dims tile, ElementType outputType, long bandBytes = BandBytes)
    {
        int axis = 0;
        while (axis < tile.Count - 1 && tile[axis] == 1)
        {
            axis++;
        }

        if (outputType == ElementType.Float32)
            return new TileBands(axis, tile[axis]);
        long stride = layer.Geometry.Strides[axis];
        long slice = checked(sizeof(float) * layer.OutputChannels * tile.From(axis + 1).Volume);
        long periods = Math.Max(PeriodsLeast, bandBytes / checked(slice * stride));
        return new TileBands(axis, Math.Min(tile[axis], checked(periods * stride)));
    }

    /// <summary>Spatial shape of a band of this tile.</summary>
    public Dims Shape(Dims tile) => With(tile, Math.Min(Extent, tile[Axis]));

    /// <summary>The bands of a tile, in order.</summary>
    public IEnumerable<Box> Cut(Box tile)
    {
        for (long start = 0; start < tile.Shape[Axis]; start += Extent)
        {
            yield return new Box(
                With(tile.Origin, tile.Origin[Axis] + start), With(tile.Shape, Math.Min(Extent, tile.Shape[Axis] - start)));
        }
    }

    private Dims With(Dims dims, long value)
    {
        int changed = Axis;
        return Dims.Build(dims.Count, axis => axis == changed ? value : dims[axis]);
    }
}
