using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Copies inputs into one register tile's part of a panel: lines [chunk][place along x][tap on z and y][channel], one
/// element per column. Columns whose place lies outside the input box belong to outputs outside the output box: they
/// keep what was there.
/// </summary>
internal static unsafe class PanelsPacker<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <param name="input">The first channel of the group.</param>
    /// <param name="first">The tile's first column.</param>
    /// <param name="count">Its columns, at most <see cref="PanelsShape.TileColumns"/>.</param>
    public static void Pack(PanelsShape shape, in BoxView box, in PanelsColumns columns, float* input, long first, int count, float* tile)
    {
        for (int column = 0, length; column < count; column += length)
        {
            PanelsRun run = columns.Run(first + column);
            length = Math.Min(run.Count, count - column);
            PackRun(shape, box, columns, input + run.InputRow, columns.PlaceX + run.First, length, tile + column);
        }
    }

    private static void PackRun(
        PanelsShape shape, in BoxView box, in PanelsColumns columns, float* row, int place, int length, float* target)
    {
        int channels = shape.Layer.InputChannelsPerGroup;
        ReadOnlySpan<int> offsetsX = shape.OffsetsX(columns.PhaseX);
        for (int start = 0; start < channels; start += shape.ChannelsPerBlock)
        {
            int chunk = Math.Min(shape.ChannelsPerBlock, channels - start);
            foreach (int offsetX in offsetsX)
            {
                int skipped = Math.Max(0, -(place + offsetX));
                int live = (int)Math.Min(length, box.InputRowStride - place - offsetX) - skipped;
                foreach (AxisTap tapZ in shape.Phases.Z.Taps(columns.PhaseZ))
                {
                    foreach (AxisTap tapY in shape.Phases.Y.Taps(columns.PhaseY))
                    {
                        float* source = row + (start * box.InputChannelStride) + (tapZ.Offset * box.InputPlaneStride)
                            + (tapY.Offset * box.InputRowStride) + place + offsetX + skipped;
                        if (live > 0)
                            Copy(source, box.InputChannelStride, target + skipped, shape.TileColumns, chunk, live);
                        target += chunk * shape.TileColumns;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* source, nint sourceStride, float* target, nint targetStride, int lines, int length)
    {
        if (length == PanelsShape.TileVectors * TLanes.Count)
            CopyWhole(source, sourceStride, target, targetStride, lines);
        else if (length >= TLanes.Count)
            CopyVectors<TVector, TLanes>(source, sourceStride, target, targetStride, lines, length);
        else if (length >= Vector128<float>.Count)
            CopyVectors<Vector128<float>, Lanes128>(source, sourceStride, target, targetStride, lines, length);
        else
            CopyElements(source, sourceStride, target, targetStride, lines, length);
    }

    /// <summary>The next tile most often continues the line, so its inputs are asked for already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyWhole(float* source, nint sourceStride, float* target, nint targetStride, int lines)
    {
        do
        {
            CacheLines.AskFor(source + targetStride, PanelsShape.TileVectors * TLanes.Count);
            TVector first = TLanes.Load(source), second = TLanes.Load(source + TLanes.Count);
            TLanes.Store(TLanes.Load(source + (2 * TLanes.Count)), target + (2 * TLanes.Count));
            TLanes.Store(first, target);
            TLanes.Store(second, target + TLanes.Count);
            source += sourceStride;
            target += targetStride;
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
