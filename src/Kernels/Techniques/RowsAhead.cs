using System.Runtime.CompilerServices;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Input rows that are to be copied next: asked for line by line while others are computed, since reading them from memory takes
/// about as long as computing them. They lie too far apart for the processor to foresee, and it waits if asked for many at once.
/// </summary>
internal unsafe struct RowsAhead
{
    private const int LineFloats = 16;
    private readonly nint rowStride;
    private readonly nint channelSkip;
    private readonly int rows;
    private readonly int linesPerRow;
    private readonly long lines;
    private readonly long work;
    private float* rowStart;
    private int line;
    private int row;
    private long left;
    private long credit;

    /// <param name="source">The first row of the first channel.</param>
    /// <param name="floats">Of a row.</param>
    /// <param name="work">Products of a vector and a weight, per channel, until the rows are copied.</param>
    public RowsAhead(float* source, nint rowStride, nint channelStride, int rows, int channels, int floats, long work)
    {
        this.rowStride = rowStride;
        this.rows = rows;
        this.work = work;
        channelSkip = channelStride - (rows * rowStride);
        linesPerRow = (floats / LineFloats) + 1;
        rowStart = source;
        lines = rows > 0 && floats > 0 ? (long)rows * channels * linesPerRow : 0;
        left = lines;
    }

    /// <summary>Where a tile asks for as large a part of the rows as it is of the work; at most the rest of a row.</summary>
    /// <param name="done">The tile's products of a vector and a weight.</param>
    /// <param name="places">How many places it asks for.</param>
    /// <param name="step">Floats from one of them to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Next(int done, nint places, out nint step)
    {
        if (left > 0)
            return Take(done, places, out step);
        step = 0;
        return rowStart;
    }

    private float* Take(int done, nint places, out nint step)
    {
        credit += done * lines;
        long due = Math.Min(credit / work, left);
        int take = (int)Math.Min(due, linesPerRow - line);
        float* start = rowStart + (line * LineFloats);
        step = ((take * LineFloats) + places - 1) / places;
        credit -= take * work;
        left -= take;
        line += take;
        if (line == linesPerRow)
        {
            line = 0;
            rowStart += rowStride;
            if (++row == rows)
            {
                row = 0;
                rowStart += channelSkip;
            }
        }

        return start;
    }
}
