namespace Upweave.Kernels.Techniques;

/// <summary>A tap's work: all rows that read one input position.</summary>
/// <param name="InputZ">Number of the tap on z.</param>
/// <param name="OffsetY">The input row, counted from that of the first slot.</param>
/// <param name="OffsetX">The input position, counted from that of the first slot.</param>
/// <param name="Rows">Offset into the weights and offset into the totals, for each of <paramref name="Count"/> rows.</param>
internal readonly unsafe record struct RowsJob(int InputZ, int OffsetY, int OffsetX, nint Rows, int Count);

/// <summary>
/// The order of work for the rows computed together, in integers of the workspace: one job per input position that any
/// of them reads, from the last position to the first, so that every row sees its taps in ascending order.
/// </summary>
internal unsafe struct RowsProgram(RowsPlan plan, int* memory, in RowsWorkspace parts, bool keepsTable)
{
    /// <summary>Integers per job of the table.</summary>
    public const int JobIntegers = 5;

    private readonly int* memoryZ = memory;
    private readonly int* memoryY = memory + parts.AxisY;
    private readonly int* memoryX = memory + parts.AxisX;
    private readonly int* table = memory + parts.Table;
    private readonly int pitch = parts.Pitch;
    private (long Z, long Y, int SlotsY, int Channels) made = (-1, -1, 0, 0);
    private int firstRow;

    public RowsAxis Z { get; private set; }

    public RowsAxis Y { get; private set; }

    public RowsAxis X { get; private set; }

    public readonly int SlotsY => made.SlotsY;

    public readonly int Channels => made.Channels;

    /// <summary>Rows of totals.</summary>
    public readonly int Rows => made.SlotsY * made.Channels * (int)plan.StrideX;

    public readonly int Jobs => Z.Count * Y.Count * X.Count;

    /// <summary>Pairs of a row and a tap.</summary>
    public long Taps { get; private set; }

    /// <summary>Makes the program for the rows from these outputs on, and all phases of x; nothing to do where the last one fits.</summary>
    /// <param name="z">Output plus padBegin, as the others.</param>
    public void Prepare(long z, long y, int slotsY, int channels)
    {
        Tiling.ConvTransposeGeometry geometry = plan.Geometry;
        (long strideZ, long strideY) = (geometry.Strides[0], geometry.Strides[1]);
        var wanted = (Tiling.IntegerMath.FloorMod(z, strideZ), Tiling.IntegerMath.FloorMod(y, strideY), slotsY, channels);
        if (wanted == made)
            return;
        made = wanted;
        Z = new RowsAxis(memoryZ, geometry.Kernel[0], strideZ, geometry.Dilations[0], made.Z, 1);
        Y = new RowsAxis(memoryY, geometry.Kernel[1], strideY, geometry.Dilations[1], made.Y, slotsY);
        X = new RowsAxis(memoryX, geometry.Kernel[2], plan.StrideX, geometry.Dilations[2], 0, (int)plan.StrideX);
        Taps = (long)Z.Count * Y.AllEntries * X.AllEntries * channels;
        if (keepsTable)
            FillTable();
    }

    /// <summary>A job by its number; where there is no table, valid until the next one is asked for.</summary>
    public readonly RowsJob Job(int number)
    {
        if (!keepsTable)
        {
            (int z, int y, int x) = Split(number);
            return new RowsJob(z, Y.Offset(y), X.Offset(x), (nint)table, Compose(z, y, x, table));
        }

        int* job = table + (number * JobIntegers);
        return new RowsJob(job[0], job[1], job[2], (nint)(table + firstRow + job[3]), job[4]);
    }

    private readonly (int Z, int Y, int X) Split(int number) => (number / X.Count / Y.Count, number / X.Count % Y.Count, number % X.Count);

    private void FillTable()
    {
        firstRow = Jobs * JobIntegers;
        int next = 0;
        for (int number = 0; number < Jobs; number++)
        {
            (int z, int y, int x) = Split(number);
            int* job = table + (number * JobIntegers);
            job[0] = z;
            job[1] = Y.Offset(y);
            job[2] = X.Offset(x);
            job[3] = next;
            job[4] = Compose(z, y, x, table + firstRow + next);
            next += 2 * job[4];
        }
    }

    /// <summary>Rows in the order [slot of y][output channel][slot of x], as the totals lie.</summary>
    private readonly int Compose(int z, int y, int x, int* target)
    {
        int* start = target;
        long channels = plan.Layer.InputChannelsPerGroup;
        Tiling.Dims kernel = plan.Geometry.Kernel;
        for (int entryY = 0; entryY < Y.Entries(y); entryY++)
        {
            long line = (Z.Tap(z, 0) * kernel[1]) + Y.Tap(y, entryY);
            for (int channel = 0; channel < made.Channels; channel++)
            {
                int row = ((Y.Slot(y, entryY) * made.Channels) + channel) * (int)plan.StrideX;
                for (int entryX = 0; entryX < X.Entries(x); entryX++, target += 2)
                {
                    long tap = (line * kernel[2]) + X.Tap(x, entryX);
                    target[0] = (int)(((channel * kernel[0] * kernel[1] * kernel[2]) + tap) * channels);
                    target[1] = (row + X.Slot(x, entryX)) * pitch;
                }
            }
        }

        return (int)((target - start) / 2);
    }
}
