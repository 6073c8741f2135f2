using System.Runtime.CompilerServices;
using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The way of <see cref="DepthwiseLayout"/>: a segment of a row after the other, rows that read the same inputs together, and all output
/// channels of an input channel on the same spread rows. Outputs are stored once, as whole vectors in their places.
/// </summary>
/// <param name="functions">The activation: one per output channel, or one for all.</param>
internal sealed unsafe class DepthwiseRowsKernel<TVector, TLanes, TFunction>(
    string technique, ConvTransposeLayer layer, DepthwiseLayout layout, ReadOnlySpan<float> weights, float[] bias, TFunction[] functions)
    : IConvTransposeKernel
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TFunction : struct, IActivationFunction
{
    /// <summary>Outputs larger than this go past the caches, which could not hold them until they are read.</summary>
    private const long StreamedBytes = 32 << 20;

    private const int CacheLineBytes = 64;

    /// <summary>Rows of so many outputs, those computed together, need not be asked for.</summary>
    private const int ForeseenFloats = 1024;

    private readonly AlignedBuffer packed = AlignedBuffer.Copy(layout.Pack(weights));

    public string Technique => technique;

    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
        CancellationToken cancellationToken)
    {
        KernelArguments.CheckCall(
            layer, input.Length, inputBox, output.Length, outputBox, batch, workspace.Length, layout.WorkspaceLength);
        BoxView view = new(inputBox, outputBox);
        bool writesLines = layout.Period == 1 || TLanes.Count * sizeof(float) == CacheLineBytes;
        bool isStreamed = writesLines && sizeof(float) * (long)output.Length >= StreamedBytes;
        fixed (float* source = input, target = output, work = workspace, patterns = packed.Floats)
        {
            DepthwiseRing<TVector, TLanes> ring = new(layout, view, work);
            float* from = source;
            float* to = target;
            for (int item = 0; item < batch; item++)
            {
                for (int channel = 0; channel < layer.OutputChannels; channel += layer.OutputChannelsPerGroup)
                {
                    Plane(ring, view, from, patterns, to, channel, isStreamed, cancellationToken);
                    from += view.InputChannelStride;
                    to += view.OutputChannelStride * layer.OutputChannelsPerGroup;
                }
            }
        }

        if (isStreamed)
            CacheLines.FinishStreaming();
        GC.KeepAlive(packed);
    }

    public void Dispose() => packed.Dispose();

    /// <summary>All that is made of one input channel, segment by segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Plane(
        in DepthwiseRing<TVector, TLanes> ring, in BoxView view, float* input, float* patterns, float* output, int channel, bool isStreamed,
        CancellationToken cancellationToken)
    {
        (int phaseX, long positionX) = layout.Phases.X.Locate(view.OutputX);
        float* first = input + (nint)(positionX - view.InputX) - layout.ColumnSpan;
        for (int start = 0; start < view.Width; start += layout.Segment)
        {
            ring.Clear();
            DepthwiseSegment segment = new()
            {
                Input = first + (start / layout.Stride),
                Output = output + start,
                Length = Math.Min(layout.Segment, view.Width - start),
                Phase = phaseX,
                Channel = channel,
                IsStreamed = isStreamed,
            };
            for (int z = 0; z < view.Planes; z++, segment.Output += (nint)view.Rows * view.Width)
                Rows(ring, view, segment, patterns, z, cancellationToken);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows(
        in DepthwiseRing<TVector, TLanes> ring, in BoxView view, DepthwiseSegment segment, float* patterns, int z,
        CancellationToken cancellationToken)
    {
        bool areAlike = !segment.IsStreamed || view.Width % TLanes.Count == 0;
        int columns = ((segment.Phase + segment.Length - 1) / layout.Stride) + 1 + layout.ColumnSpan;
        (int phaseZ, long positionZ) = layout.Phases.Z.Locate(view.OutputZ + z);
        (int phaseY, long positionY) = layout.Phases.Y.Locate(view.OutputY);
        int planeZ = (int)(positionZ - view.InputZ), rowY = (int)(positionY - view.InputY);
        DepthwiseTile tile = new()
        {
            Sources = ring.Sources, Pitch = layout.Pitch, OutputRow = view.Width, IsStreamed = segment.IsStreamed,
        };
        int rows;
        for (int y = 0; y < view.Rows; y += rows, segment.Output += (nint)rows * view.Width)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows = areAlike && layout.SharesRows ? RowsTogether(Math.Min(layout.Phases.Y.Stride - phaseY, view.Rows - y)) : 1;
            int outer = layout.Outer(phaseZ, phaseY);
            tile.Taps = ring.Locate(segment.Input, columns, segment.Phase, phaseZ, planeZ, phaseY, rowY);
            tile.WeightsRow = rows == 1 ? 0 : layout.Outer(phaseZ, phaseY + 1) - outer;
            for (int index = 0; index < layer.OutputChannelsPerGroup; index++)
            {
                int channel = segment.Channel + index;
                tile.Weights = patterns + ((nint)channel * layout.ChannelLength) + outer;
                tile.Output = segment.Output + (index * view.OutputChannelStride);
                tile.Bias = bias[channel] + 0f;
                AskForOutput(tile, segment, rows);
                Row(tile, functions[functions.Length == 1 ? 0 : channel], rows, segment, ring.Vector);
            }

            phaseY += rows;
            if (phaseY == layout.Phases.Y.Stride)
                (phaseY, rowY) = (0, rowY + 1);
        }
    }

    /// <summary>
    /// Asks for the lines of the rows after the next ones, where rows are too short for the processor to foresee them: a store that has to
    /// wait for its line holds up those of spread rows behind it, and these the loads of them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AskForOutput(in DepthwiseTile tile, in DepthwiseSegment segment, int rows)
    {
        if (!segment.IsStreamed && rows * tile.OutputRow <= ForeseenFloats)
            CacheLines.AskFor(tile.Output + (2 * rows * tile.OutputRow), rows * (int)tile.OutputRow);
    }

    private static int RowsTogether(int alike) => alike >= 4 && TLanes.Count == 16 ? 4 : alike >= 2 ? 2 : 1;

    /// <summary>
    /// Tiles, then single vectors; the last one ends where the segment ends, and computes some outputs again. Where stores have to be
    /// aligned, a single vector is the first as well.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(in DepthwiseTile tile, TFunction function, int rows, in DepthwiseSegment segment, float* vector)
    {
        if (segment.Length < TLanes.Count)
        {
            Short(tile, function, rows, segment, vector);
            return;
        }

        int place = segment.IsStreamed ? (int)(-(nint)((nuint)tile.Output / sizeof(float)) & (TLanes.Count - 1)) : 0;
        if (place > 0)
            Singles(tile, function, rows, segment.Phase, 0);
        place = Tiles(tile, function, rows, segment, place);
        for (; place + TLanes.Count <= segment.Length; place += TLanes.Count)
            Singles(tile, function, rows, segment.Phase, place);
        if (place < segment.Length)
            Singles(tile, function, rows, segment.Phase, segment.Length - TLanes.Count);
    }

    /// <summary>Returns the place after the last tile. Along the row go first the vectors that need the same weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Tiles(in DepthwiseTile tile, TFunction function, int rows, in DepthwiseSegment segment, int place)
    {
        int step = layout.Period * TLanes.Count;
        bool isBlock = tile.Taps == 4;
        bool isLarge = TLanes.Count == 16 && rows > 1;
        int vectors = isBlock ? 1 : (isLarge ? 8 : 4) / rows;
        int count = Math.Max((segment.Length - place) / (vectors * step), 0);
        for (int at = place; count > 0 && at < place + step; at += TLanes.Count)
        {
            float* weights = Weights(tile, segment.Phase + at);
            switch (isBlock ? rows : -rows)
            {
                case 1: DepthwiseTiles<TVector, TLanes, TFunction>.OneRow(tile, function, weights, at, step, count); break;
                case 2: DepthwiseTiles<TVector, TLanes, TFunction>.TwoRows(tile, function, weights, at, step, count); break;
                case 4: DepthwiseTiles<TVector, TLanes, TFunction>.FourRows(tile, function, weights, at, step, count); break;
                case -1: DepthwiseTiles<TVector, TLanes, TFunction>.OneByFour(tile, function, weights, at, step, count); break;
                case -2 when isLarge: DepthwiseTiles<TVector, TLanes, TFunction>.TwoByFour(tile, function, weights, at, step, count); break;
                case -2: DepthwiseTiles<TVector, TLanes, TFunction>.TwoByTwo(tile, function, weights, at, step, count); break;
                default: DepthwiseTiles<TVector, TLanes, TFunction>.FourByTwo(tile, function, weights, at, step, count); break;
            }
        }

        return place + (count * vectors * step);
    }

    private float* Weights(in DepthwiseTile tile, int output) => tile.Weights + layout.Rotation(output % layout.Stride, tile.Taps);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Singles(in DepthwiseTile tile, TFunction function, int rows, int phase, int place)
    {
        float* weights = Weights(tile, phase + place);
        float* output = tile.Output + place;
        for (; rows > 0; rows--, weights += tile.WeightsRow, output += tile.OutputRow)
            TLanes.Store(DepthwiseTiles<TVector, TLanes, TFunction>.One(tile, function, weights, place), output);
    }

    /// <summary>A row below one vector is computed beside its place; spread rows have room for a whole one.</summary>
    private void Short(in DepthwiseTile tile, TFunction function, int rows, in DepthwiseSegment segment, float* vector)
    {
        float* weights = Weights(tile, segment.Phase);
        float* output = tile.Output;
        for (; rows > 0; rows--, weights += tile.WeightsRow, output += tile.OutputRow)
        {
            TLanes.Store(DepthwiseTiles<TVector, TLanes, TFunction>.One(tile, function, weights, 0), vector);
            for (int index = 0; index < segment.Length; index++)
                output[index] = vector[index];
        }
    }
}
