namespace Upweave.Kernels.Techniques;

/// <summary>
/// The positions of a pass that a set has outputs at, in C order, and for each of its taps the list of those whose
/// input is present.
/// </summary>
internal readonly unsafe struct FiltersSites
{
    private readonly int* starts;

    public FiltersSites(
        FiltersLayout layout, FiltersSet set, in FiltersSource source, int items, FiltersRange z, FiltersRange y, FiltersRange x, int width,
        int* memory)
    {
        (Items, Z, Y, X, Width) = (items, z, y, x, width);
        Rows = items * z.Count * y.Count;
        Set = set;
        Taps = layout.Taps(set);
        starts = memory;
        int* next = memory + Taps + 1;
        int tap = 0;
        starts[0] = Taps + 1;
        foreach (Phases.AxisTap tapZ in layout.Z.Taps(set.Z))
        {
            FiltersRange liveZ = Live(z, source.Z, tapZ.Offset);
            foreach (Phases.AxisTap tapY in layout.Y.Taps(set.Y))
            {
                FiltersRange liveY = Live(y, source.Y, tapY.Offset);
                foreach (Phases.AxisTap tapX in layout.X.Taps(set.X))
                {
                    FiltersRange liveX = Live(x, source.X, tapX.Offset);
                    next = List(source, layout.Lanes, next, (liveZ, liveY, liveX), (tapZ.Offset, tapY.Offset, tapX.Offset));
                    starts[++tap] = (int)(next - memory);
                }
            }
        }
    }

    public FiltersSet Set { get; }

    public int Items { get; }

    public FiltersRange Z { get; }

    public FiltersRange Y { get; }

    public FiltersRange X { get; }

    /// <summary>Places of a row of positions; at least as many as there are.</summary>
    public int Width { get; }

    public int Taps { get; }

    /// <summary>Rows of positions.</summary>
    public int Rows { get; }

    /// <summary>Places for sums, of which those behind a row's positions stay without taps.</summary>
    public int Places => Rows * Width;

    public int Count => Rows * X.Count;

    /// <summary>Where the lists end.</summary>
    public int* End => starts + starts[Taps];

    /// <summary>Pairs of numbers: see <see cref="FiltersTiles{TVector, TLanes}"/>.</summary>
    public int* List(int tap) => starts + starts[tap];

    /// <summary>Positions in the list.</summary>
    public int ListCount(int tap) => (starts[tap + 1] - starts[tap]) / 2;

    private static FiltersRange Live(FiltersRange positions, FiltersRange present, int offset) =>
        positions.Intersect(new FiltersRange(present.First - offset, present.End - offset));

    private int* List(
        in FiltersSource source, int lanes, int* next, (FiltersRange Z, FiltersRange Y, FiltersRange X) live, (int Z, int Y, int X) offset)
    {
        int width = live.X.Count;
        for (int item = 0; item < Items; item++)
        {
            for (long z = live.Z.First; z < live.Z.End; z++)
            {
                for (long y = live.Y.First; y < live.Y.End && width > 0; y++)
                {
                    int input = source.Offset(item, z + offset.Z, y + offset.Y, live.X.First + offset.X);
                    long row = (((item * Z.Count) + (z - Z.First)) * Y.Count) + (y - Y.First);
                    int sums = (int)((row * Width) + (live.X.First - X.First)) * lanes;
                    for (int x = 0; x < width; x++, input += source.PositionStep, sums += lanes, next += 2)
                    {
                        next[0] = input;
                        next[1] = sums;
                    }
                }
            }
        }

        return next;
    }
}
