using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Fills one register tile's part of a panel: lines [line of y][line of x][chunk][tap][channel], an element per cell. The inputs
/// of a cell that lies outside the output box in part are in the input box all the same.
/// </summary>
internal static unsafe class MinimalPacker<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <summary>On an axis with cells the lines hold all taps.</summary>
    private static readonly AxisTap[] RowsOfCells = [default];

    /// <param name="input">The first channel of the group in the first batch item.</param>
    /// <param name="first">The tile's first column.</param>
    /// <param name="count">Its columns, at most <see cref="MinimalShape.TileColumns"/>.</param>
    public static void Pack(MinimalShape shape, in BoxView box, in MinimalColumns columns, float* input, long first, int count, float* tile)
    {
        for (int column = 0, length; column < count; column += length)
        {
            MinimalRun run = columns.Run(first + column);
            length = Math.Min(run.Count, count - column);
            PackRun(shape, box, columns, input, run, length, tile + column);
        }
    }

    private static void PackRun(
        MinimalShape shape, in BoxView box, in MinimalColumns columns, float* input, in MinimalRun run, int length, float* target)
    {
        int channels = shape.Layer.InputChannelsPerGroup;
        float* source = input + (run.Item * shape.Layer.InputChannels * box.InputChannelStride)
            + ((nint)(run.PositionZ - box.InputZ) * box.InputPlaneStride)
            + ((nint)(run.PositionY - shape.Y.Before - box.InputY) * box.InputRowStride)
            + (nint)(run.PositionX - shape.X.Before - box.InputX);
        nint line = shape.TileColumns;
        nint step = (nint)channels * shape.Taps(columns.PhaseZ, columns.OuterY) * line;
        nint rowStride = shape.Y.HasCells ? box.InputRowStride : 0;
        ReadOnlySpan<AxisTap> tapsZ = shape.Z.Phases.Taps(columns.PhaseZ);
        ReadOnlySpan<AxisTap> tapsY = shape.Y.HasCells ? RowsOfCells : shape.Y.Phases.Taps(columns.OuterY);
        for (int start = 0; start < channels; start += shape.Chunk)
        {
            int chunk = Math.Min(shape.Chunk, channels - start);
            foreach (AxisTap tapZ in tapsZ)
            {
                foreach (AxisTap tapY in tapsY)
                {
                    float* from = source + (start * box.InputChannelStride) + (tapZ.Offset * box.InputPlaneStride)
                        + (tapY.Offset * box.InputRowStride);
                    PackChannels(shape, from, box.InputChannelStride, rowStride, chunk, length, target, line, step);
                    target += chunk * line;
                }
            }
        }
    }

    /// <summary>Short runs take narrow vectors, or none.</summary>
    private static void PackChannels(
        MinimalShape shape, float* source, nint sourceStride, nint rowStride, int channels, int length, float* target, nint line, nint step)
    {
        MinimalForm form = shape.Form;
        if (length >= TLanes.Count)
            PackVectors<TVector, TLanes>(form, source, sourceStride, rowStride, channels, length, target, line, step);
        else if (TLanes.Count > Vector256<float>.Count && length >= Vector256<float>.Count)
            PackVectors<Vector256<float>, Lanes256>(form, source, sourceStride, rowStride, channels, length, target, line, step);
        else if (length >= Vector128<float>.Count)
            PackVectors<Vector128<float>, Lanes128>(form, source, sourceStride, rowStride, channels, length, target, line, step);
        else
            PackCells(form, source, sourceStride, rowStride, channels, length, target, line, step);
    }

    /// <summary>The last vector is moved back to end with the run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackVectors<TPart, TPartLanes>(
        in MinimalForm form, float* source, nint sourceStride, nint rowStride, int channels, int length, float* target, nint line,
        nint step)
        where TPart : struct
        where TPartLanes : struct, ILanes<TPart>
    {
        int last = length - TPartLanes.Count;
        for (; channels > 0; channels--, source += sourceStride, target += line)
        {
            for (int cell = 0; ; cell = Math.Min(cell + TPartLanes.Count, last))
            {
                MinimalLines<TPart, TPartLanes>.Make(source + (2 * cell), rowStride, form, target + cell, step);
                if (cell == last)
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackCells(
        in MinimalForm form, float* source, nint sourceStride, nint rowStride, int channels, int length, float* target, nint line,
        nint step)
    {
        for (; channels > 0; channels--, source += sourceStride, target += line)
        {
            for (int cell = 0; cell < length; cell++)
                MakeOne(source + (2 * cell), rowStride, form, target + cell, step);
        }
    }

    /// <summary>One cell, in the first lane of a vector: its inputs are copied to where a whole vector may be read.</summary>
    private static void MakeOne(float* source, nint rowStride, in MinimalForm form, float* target, nint step)
    {
        const int inputs = 4, row = 12;
        float* copy = stackalloc float[inputs * row];
        float* lines = stackalloc float[MinimalShape.LinesMost * Vector128<float>.Count];
        int rows = form.LinesY == 1 ? 1 : form.TriplesY ? 4 : 3, columns = form.TriplesX ? 4 : 3;
        for (int y = 0; y < rows; y++, source += rowStride)
        {
            for (int x = 0; x < columns; x++)
                copy[(y * row) + x] = source[x];
        }

        MinimalLines<Vector128<float>, Lanes128>.Make(copy, row, form, lines, Vector128<float>.Count);
        for (int index = 0; index < form.LinesY * form.LinesX; index++)
            target[index * step] = lines[Vector128<float>.Count * index];
    }
}
