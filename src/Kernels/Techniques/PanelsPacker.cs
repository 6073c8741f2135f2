using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Copies inputs into a panel: for each register tile lines [chunk][place along z][along y][along x][channel], one
/// element per column. Columns whose place lies outside the input box belong to outputs outside the output box:
/// they keep what was there.
/// </summary>
internal static unsafe class PanelsPacker<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <param name="input">The first channel of the group.</param>
    /// <param name="first">The panel's first column.</param>
    /// <param name="count">Its columns, at most <see cref="PanelsShape.Columns"/>.</param>
    public static void Pack(PanelsShape shape, in BoxView box, in PanelsColumns columns, float* input, long first, int count, float* panel)
    {
        for (int column = 0, length; column < count; column += length)
        {
            PanelsRun run = columns.Run(first + column);
            (int tile, int inTile) = Math.DivRem(column, shape.TileColumns);
            length = Math.Min(columns.Together(run), count - column);
            length = inTile == 0 && length > shape.TileColumns
                ? length - (length % shape.TileColumns)
                : Math.Min(length, shape.TileColumns - inTile);
            float* target = panel + (tile * shape.TileColumns * (nint)shape.Lines) + inTile;
            if (columns.IsContiguous)
                PackRows(shape, box, columns, input + run.InputItem, run, length, target);
            else
                PackRun(shape, box, columns, input + run.InputItem, run, length, target);
        }
    }

    /// <summary>Columns of several rows, in one piece.</summary>
    private static void PackRows(
        PanelsShape shape, in BoxView box, in PanelsColumns columns, float* item, in PanelsRun run, int length, float* target)
    {
        int plane = run.InputPlane + shape.Z.Offsets(columns.PhaseZ)[0];
        int row = run.InputRow + shape.Y.Offsets(columns.PhaseY)[0];
        if (!box.HasInputRow(plane, row))
            return;
        float* source = item + (plane * box.InputPlaneStride) + (row * box.InputRowStride) + run.First;
        int channels = shape.Layer.InputChannelsPerGroup;
        (int tiles, int rest) = Math.DivRem(length, shape.TileColumns);
        if (rest == 0)
            CopyTiles(source, box.InputChannelStride, target, shape.TileColumns * (nint)shape.Lines, tiles, channels);
        else
            CopyParts(shape, source, box.InputChannelStride, target, channels, 0, length);
    }

    private static void PackRun(
        PanelsShape shape, in BoxView box, in PanelsColumns columns, float* item, in PanelsRun run, int length, float* target)
    {
        int channels = shape.Layer.InputChannelsPerGroup;
        ReadOnlySpan<int> offsetsX = shape.X.Offsets(columns.PhaseX);
        for (int start = 0; start < channels; start += shape.ChannelsPerBlock)
        {
            int chunk = Math.Min(shape.ChannelsPerBlock, channels - start);
            float* source = item + (start * box.InputChannelStride);
            foreach (int offsetZ in shape.Z.Offsets(columns.PhaseZ))
            {
                foreach (int offsetY in shape.Y.Offsets(columns.PhaseY))
                {
                    int plane = run.InputPlane + offsetZ;
                    int row = run.InputRow + offsetY;
                    if (box.HasInputRow(plane, row))
                    {
                        float* line = source + (plane * box.InputPlaneStride) + (row * box.InputRowStride);
                        PackPlaces(shape, box, line, columns.PlaceX + run.First, offsetsX, length, chunk, target);
                    }

                    target += (nint)offsetsX.Length * chunk * shape.TileColumns;
                }
            }
        }
    }

    /// <summary>All places along x of one row.</summary>
    private static void PackPlaces(
        PanelsShape shape, in BoxView box, float* row, int first, ReadOnlySpan<int> offsets, int length, int chunk, float* target)
    {
        foreach (int offset in offsets)
        {
            int place = first + offset;
            int skipped = Math.Max(0, -place);
            int live = (int)Math.Min(length, box.InputRowStride - place) - skipped;
            (int tiles, int rest) = Math.DivRem(length, shape.TileColumns);
            if (live == length && rest == 0)
                CopyTiles(row + place, box.InputChannelStride, target, shape.TileColumns * (nint)shape.Lines, tiles, chunk);
            else
                CopyParts(shape, row + place, box.InputChannelStride, target, chunk, skipped, live);
            target += (nint)chunk * shape.TileColumns;
        }
    }

    /// <summary>At an edge of the input, or a part of a register tile: tile by tile.</summary>
    private static void CopyParts(
        PanelsShape shape, float* source, nint sourceStride, float* target, int lines, int skipped, int live)
    {
        for (int start = skipped, end = skipped + live, length; start < end; start += length)
        {
            (int tile, int inTile) = Math.DivRem(start, shape.TileColumns);
            length = Math.Min(end - start, shape.TileColumns - inTile);
            float* place = target + (tile * shape.TileColumns * (nint)shape.Lines) + inTile;
            Copy(source + start, sourceStride, place, shape.TileColumns, lines, length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* source, nint sourceStride, float* target, nint targetStride, int lines, int length)
    {
        if (length >= TLanes.Count)
            CopyVectors<TVector, TLanes>(source, sourceStride, target, targetStride, lines, length);
        else if (length >= Vector128<float>.Count)
            CopyVectors<Vector128<float>, Lanes128>(source, sourceStride, target, targetStride, lines, length);
        else
            CopyElements(source, sourceStride, target, targetStride, lines, length);
    }

    /// <summary>Whole tiles, each line of all of them at once: it lies together in the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyTiles(float* source, nint sourceStride, float* target, nint tileStride, int tiles, int lines)
    {
        do
        {
            float* from = source;
            float* to = target;
            int tile = tiles;
            do
            {
                TVector first = TLanes.Load(from), second = TLanes.Load(from + TLanes.Count);
                TLanes.Store(TLanes.Load(from + (2 * TLanes.Count)), to + (2 * TLanes.Count));
                TLanes.Store(first, to);
                TLanes.Store(second, to + TLanes.Count);
                from += PanelsShape.TileVectors * TLanes.Count;
                to += tileStride;
            }
            while (--tile > 0);
            source += sourceStride;
            target += PanelsShape.TileVectors * TLanes.Count;
        }
        while (--lines > 0);
    }

    /// <summary>The last vector is moved back to end with the line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyVectors<TPart, TPartLanes>(
        float* source, nint sourceStride, float* target, nint targetStride, int lines, int length)
        where TPart : struct
        where TPartLanes : struct, ILanes<TPart>
    {
        nint last = length - TPartLanes.Count;
        do
        {
            for (nint element = 0; element < last; element += TPartLanes.Count)
                TPartLanes.Store(TPartLanes.Load(source + element), target + element);
            TPartLanes.Store(TPartLanes.Load(source + last), target + last);
            source += sourceStride;
            target += targetStride;
        }
        while (--lines > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyElements(float* source, nint sourceStride, float* target, nint targetStride, int lines, int length)
    {
        do
        {
            for (int element = 0; element < length; element++)
                target[element] = source[element];
            source += sourceStride;
            target += targetStride;
        }
        while (--lines > 0);
    }
}
