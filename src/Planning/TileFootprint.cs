using Upweave.Kernels;
using Upweave.Storage;
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

    /// <summary>The largest spatial box of the input that a tile of this shape reads.</summary>
    public static Dims ReadShape(ConvTransposeLayer layer, Dims tile)
    {
        Dims most = layer.Geometry.MaxReadShape(tile);
        return Dims.Build(tile.Count, axis => Math.Min(most[axis], layer.Geometry.Input[axis]));
    }

    /// <summary>Tiles that a worker holds at the same time: one per slot in the kernel, one being read, one being written.</summary>
    public static int TilesHeld(int slots) => slots + 2;
}
