using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Pictures;

/// <summary>
/// Buffers for one row of tiles of a [C,H,W] array, filled from rows of pixels. Reused for row after row.
/// </summary>
internal sealed class TileRow
{
    private readonly TileGrid grid;
    private readonly int elementSize;
    private readonly List<(long Tile, Box Box, byte[] Buffer)> tiles = [];
    private readonly Stack<byte[]> spare = [];

    public TileRow(OutputLayout layout)
    {
        grid = layout.Tiles();
        elementSize = layout.Type.Size();
    }

    /// <summary>The tiles and their elements, complete once all rows were taken.</summary>
    public IEnumerable<(long Tile, ReadOnlyMemory<byte> Elements)> Tiles =>
        tiles.Select(tile => (tile.Tile, (ReadOnlyMemory<byte>)tile.Buffer.AsMemory(0, ByteCount(tile.Box))));

    /// <summary>Starts over with the tiles that hold row <paramref name="top"/>.</summary>
    /// <returns>How many rows of the array they hold.</returns>
    public int Begin(long top)
    {
        foreach ((_, _, byte[] buffer) in tiles)
        {
            spare.Push(buffer);
        }

        tiles.Clear();
        Dims shape = grid.Shape;
        foreach (long tile in grid.Covering(new Box([0, top, 0], [shape[0], 1, shape[2]])))
        {
            byte[] buffer = spare.Count > 0 ? spare.Pop() : new byte[checked((int)(grid.Tile.Volume * elementSize))];
            tiles.Add((tile, grid[tile], buffer));
        }

        return (int)tiles[0].Box.Shape[1];
    }

    /// <summary>Puts whole rows of pixels where they belong.</summary>
    /// <param name="pixels">Rows of W pixels of C elements.</param>
    /// <param name="top">The first one's row in the array.</param>
    public void Take(ReadOnlySpan<byte> pixels, long top)
    {
        int channels = (int)grid.Shape[0];
        int pixelBytes = channels * elementSize;
        int rowBytes = checked((int)grid.Shape[2] * pixelBytes);
        foreach ((_, Box box, byte[] buffer) in tiles)
        {
            int width = (int)box.Shape[2];
            for (int row = 0; row < pixels.Length / rowBytes; row++)
            {
                ReadOnlySpan<byte> run = pixels.Slice((row * rowBytes) + ((int)box.Origin[2] * pixelBytes), width * pixelBytes);
                for (int channel = 0; channel < box.Shape[0]; channel++)
                {
                    long line = (channel * box.Shape[1]) + (top - box.Origin[1]) + row;
                    Span<byte> plane = buffer.AsSpan((int)(line * width * elementSize), width * elementSize);
                    Interleaving.Gather(run, plane, (int)box.Origin[0] + channel, channels, elementSize);
                }
            }
        }
    }

    private int ByteCount(Box box) => (int)(box.Volume * elementSize);
}
