using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>The spread input rows that the output rows at hand read, each made when it is first read.</summary>
internal readonly unsafe struct DepthwiseRing<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private const int None = -1;
    private const int CacheLineMask = 63;

    private readonly DepthwiseLayout layout;
    private readonly BoxView view;
    private readonly int rowsPerPlane;
    private readonly float* rows;
    private readonly int* contents;

    /// <param name="workspace">Of the call.</param>
    public DepthwiseRing(DepthwiseLayout layout, in BoxView view, float* workspace)
    {
        this.layout = layout;
        this.view = view;
        rowsPerPlane = view.InputRowStride == 0 ? 0 : (int)(view.InputPlaneStride / view.InputRowStride);
        Vector = workspace;
        Sources = (float**)(workspace + layout.Lanes);
        contents = (int*)(Sources + ((nint)layout.RowTapsMost * layout.Columns));
        rows = (float*)(((nuint)(contents + layout.Slots) + CacheLineMask) & ~(nuint)CacheLineMask);
    }

    /// <summary>Room for a vector.</summary>
    public float* Vector { get; }

    /// <summary>Per tap, what the first output of the segment reads.</summary>
    public float** Sources { get; }

    /// <summary>Forgets what was spread: another channel or segment follows.</summary>
    public void Clear() => new Span<int>(contents, layout.Slots).Fill(None);

    /// <summary>Fills <see cref="Sources"/> for the output rows of a phase and position.</summary>
    /// <param name="input">The channel at the segment's first column.</param>
    /// <param name="columns">Columns that the segment reads.</param>
    /// <param name="phaseX">Phase of the segment's first output.</param>
    /// <returns>The number of taps.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Locate(float* input, int columns, int phaseX, int phaseZ, int planeZ, int phaseY, int rowY)
    {
        bool isDirect = layout.Stride == 1 && columns - layout.ColumnSpan >= TLanes.Count;
        ReadOnlySpan<AxisTap> tapsX = layout.Phases.X.Taps(0);
        int next = 0;
        ReadOnlySpan<AxisTap> tapsY = layout.Phases.Y.Taps(phaseY);
        foreach (AxisTap tapZ in layout.Phases.Z.Taps(phaseZ))
        {
            int plane = planeZ + tapZ.Offset;
            float* rowOfTap = input + (plane * view.InputPlaneStride);
            foreach (AxisTap tapY in tapsY)
            {
                int row = rowY + tapY.Offset;
                float* source = rowOfTap + (row * view.InputRowStride);
                if (!isDirect)
                    source = Spread(source, columns, plane, row) + phaseX;
                foreach (AxisTap tapX in tapsX)
                    Sources[next++] = source + ((nint)(layout.ColumnSpan + tapX.Offset) * layout.Stride);
            }

            if (!isDirect && tapsY.Length > 0 && rowY + tapsY[0].Offset + 1 < rowsPerPlane)
                Spread(rowOfTap + ((rowY + tapsY[0].Offset + 1) * view.InputRowStride), columns, plane, rowY + tapsY[0].Offset + 1);
        }

        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* Spread(float* source, int columns, int plane, int row)
    {
        int slot = (int)(((uint)(plane * layout.SlotsY) % (uint)layout.Slots) + ((uint)row % (uint)layout.SlotsY));
        float* spread = rows + ((nint)slot * layout.RowPitch);
        int content = (plane * rowsPerPlane) + row;
        if (contents[slot] != content)
        {
            contents[slot] = content;
            DepthwiseSpread<TVector, TLanes>.Run(source, columns, layout.Stride, spread);
            CacheLines.AskFor(source + view.InputRowStride, columns);
        }

        return spread;
    }
}
