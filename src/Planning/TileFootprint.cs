using Upweave.Kernels;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Planning;

/// <summary>
/// The memory of one tile in a worker, in bytes, from shapes alone: the planner checks it against the budget and the
/// worker allocates exactly this.
/// </summary>
/// <param name="Input">Input box as float32, border included.</param>
/// <param name="Output">Output box as float32, or what is converted of it at a time.</param>
/// <param name="Workspace">The kernel's workspace.</param>
/// <param name="Raw">Elements as they are stored: of the input while reading, of the output while writing.</param>
/// <param name="Read">What the input's reader takes beside the box, chunks being decoded for instance.</param>
/// <param name="Encoded">What the output's writer takes beside the tile, chunks being compressed for instance.</param>
public readonly record struct TileFootprint(long Input, long Output, long Workspace, long Raw, long Read, long Encoded)
{
    public long Total => checked(Input + Output + Workspace + Raw + Read + Encoded);

    /// <param name="tile">Spatial shape of the tile.</param>
    public static TileFootprint Of(
        ConvTransposeLayer layer, Dims tile, ElementType inputType, ElementType outputType, long read, long encoded)
    {
        long inputs = checked(layer.InputChannels * layer.Geometry.MaxReadShape(tile).Volume);
        long outputBytes = checked(layer.OutputChannels * tile.Volume * outputType.Size());
        Dims band = TileBands.Of(layer, tile, outputType).Shape(tile);
        return new TileFootprint(
            checked(inputs * sizeof(float)),
            checked(layer.OutputChannels * band.Volume * sizeof(float)),
            checked(KernelSelector.WorkspaceLength(layer, band) * sizeof(float)),
            Math.Max(checked(inputs * inputType.Size()), outputBytes),
            read,
            encoded);
    }

    /// <summary>A tile of a lower resolution: the tile, a chunk of it, and what that chunk stands for.</summary>
    /// <param name="layout">Of the tile's resolution.</param>
    /// <param name="halved">The axes along which it has half as many elements as the one below.</param>
    /// <param name="overhead">What the reader of that one takes beside a box.</param>
    public static TileFootprint OfPyramid(OutputLayout layout, IReadOnlyList<bool> halved, Func<Dims, long> overhead)
    {
        Dims source = Dims.Build(layout.Shape.Count, axis => (halved[axis] ? 2 : 1) * layout.Chunk[axis]);
        int elementBytes = layout.Type.Size();
        return new TileFootprint(
            checked(source.Volume * elementBytes), checked(layout.Chunk.Volume * elementBytes), Workspace: 0,
            checked(layout.Tiles().Tile.Volume * elementBytes), overhead(source), ArrayWriters.EncodedBytesMax(layout));
    }

    /// <summary>The largest spatial box of the input that a tile of this shape reads.</summary>
    public static Dims ReadShape(ConvTransposeLayer layer, Dims tile)
    {
        Dims most = layer.Geometry.MaxReadShape(tile);
        return Dims.Build(tile.Count, axis => Math.Min(most[axis], layer.Geometry.Input[axis]));
    }

    /// <summary>Tiles that a worker holds at the same time: one per slot in the kernel, one being read, one being written.</summary>
    public static int TilesHeld(int slots) => slots + 2;
}
