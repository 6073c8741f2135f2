using Upweave.Coordinator.Jobs;
using Upweave.Storage.Arrays;

namespace Upweave.Coordinator.Insight;

/// <summary>
/// What has become of the tiles of a job, by cells of a bounded map: 9 bytes a cell, and never more cells than tiles. Not safe for
/// concurrent use.
/// </summary>
public sealed class TileMap(TileMapShape shape)
{
    /// <summary>The place in <see cref="TileMapAnswer.Workers"/> that all workers share for whom there is no place of their own.</summary>
    public const byte OtherWorkers = byte.MaxValue;

    private readonly int[] done = new int[shape.Cells[0] * shape.SliceCells];
    private readonly float[] seconds = new float[shape.Cells[0] * shape.SliceCells];
    private readonly byte[] worker = new byte[shape.Cells[0] * shape.SliceCells];

    public TileMapShape Shape => shape;

    /// <summary>Counts the done tiles anew.</summary>
    public void Load(TileSet tiles)
    {
        Array.Clear(done);
        for (long tile = 0; tile < tiles.Size; tile++)
        {
            if (tiles.Contains(tile))
                done[shape.CellOf(tile)]++;
        }
    }

    /// <summary>A tile has been completed that was not before.</summary>
    /// <param name="took">Seconds.</param>
    /// <param name="by">Number of the worker, from 1 on.</param>
    public void Complete(long tile, double took, byte by)
    {
        int cell = shape.CellOf(tile);
        done[cell]++;
        seconds[cell] = Math.Max(seconds[cell], (float)took);
        worker[cell] = by;
    }

    /// <summary>One slice as people see it.</summary>
    /// <param name="slice">Of cells.</param>
    /// <param name="workers">Names by their numbers; the first is nobody.</param>
    public TileMapAnswer Draw(int slice, TilesAside aside, IReadOnlyList<string> workers)
    {
        int first = slice * shape.SliceCells;
        byte[] states = new byte[shape.SliceCells];
        byte[] shares = new byte[shape.SliceCells];
        byte[] durations = new byte[shape.SliceCells];
        for (int at = 0; at < states.Length; at++)
        {
            long all = shape.TilesIn(first + at);
            states[at] = (byte)(done[first + at] == all ? TileState.Done : TileState.Waiting);
            shares[at] = (byte)(done[first + at] * 255L / all);
            durations[at] = TileSeconds.Encode(seconds[first + at]);
        }

        Mark(aside.Out, TileState.Out);
        Mark(aside.Again, TileState.Again);
        Mark(aside.Failed.Select(tile => tile.Tile), TileState.Failed);
        return new TileMapAnswer
        {
            Slice = slice,
            SliceText = shape.TextOf(slice),
            Cells = shape.Cells,
            Tiles = [shape.Slices, shape.Rows, shape.Columns],
            TilesPerCell = shape.TilesPerCell,
            Workers = workers,
            State = states,
            Done = shares,
            Seconds = durations,
            Worker = worker[first..(first + shape.SliceCells)],
        };

        void Mark(IEnumerable<long> tiles, TileState state)
        {
            foreach (long tile in tiles)
            {
                int at = shape.CellOf(tile) - first;
                if ((uint)at < (uint)states.Length)
                    states[at] = (byte)Math.Max(states[at], (byte)state);
            }
        }
    }
}
