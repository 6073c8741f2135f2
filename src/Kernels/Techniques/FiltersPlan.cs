using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// How a call is cut into passes, and its workspace into parts: sums and totals of a block of lanes, [position][lane]; lists of the
/// positions that have a tap; the pass's input, packed (the panel). A pass is a box of positions of some batch items, as large as
/// the parts allow, so that weights are read from far memory seldom.
/// </summary>
internal readonly unsafe struct FiltersPlan
{
    /// <summary>1 MiB for every call.</summary>
    public const int WorkspaceLength = 1 << 18;

    /// <summary>Floats lost to alignment at most.</summary>
    private const int Alignment = 16;

    private const int SumsLength = 48 << 10;
    private const int ListsLength = 52 << 10;
    private const int PanelLength = WorkspaceLength - Alignment - SumsLength - ListsLength;

    /// <summary>Positions beyond which a pass gains nothing, for weights that lie in near memory and far ones.</summary>
    private const int PositionsNear = 512;
    private const int PositionsFar = 2048;
    private const long FarWeights = 1 << 19;

    private readonly FiltersLayout layout;

    public FiltersPlan(FiltersLayout layout, in BoxView box, int batch)
    {
        this.layout = layout;
        Z = layout.Z.Positions(box.OutputZ, box.Planes);
        Y = layout.Y.Positions(box.OutputY, box.Rows);
        X = layout.X.Positions(box.OutputX, box.Width);
        UsesPanel = true;
        PassItems = PassZ = PassY = PassX = 1;
        UsesPanel = Fits(1, 1, 1, 1);
        PassX = Largest(X.Count, 3);
        PassY = Largest(Y.Count, 2);
        PassZ = Largest(Z.Count, 1);
        PassItems = Largest(batch, 0);
    }

    /// <summary>All positions of the call.</summary>
    public FiltersRange Z { get; }

    public FiltersRange Y { get; }

    public FiltersRange X { get; }

    /// <summary>Whether the input is packed; otherwise it is read where it lies.</summary>
    public bool UsesPanel { get; }

    /// <summary>Extents of a pass.</summary>
    public int PassItems { get; }

    public int PassZ { get; }

    public int PassY { get; }

    public int PassX { get; }

    /// <summary>Whether lists, sums and panel of the smallest pass have room.</summary>
    public static bool Supports(FiltersLayout layout) =>
        1 + (layout.SetsPerRow * ((layout.TapsMost * 3) + 1)) <= ListsLength;

    public static float* Align(float* workspace) =>
        (float*)(((nint)workspace + (sizeof(float) * Alignment) - 1) & -(sizeof(float) * Alignment));

    public static float* Panel(float* aligned) => aligned + SumsLength + ListsLength;

    public static int* Lists(float* aligned) => (int*)(aligned + SumsLength);

    private int SumsArrays => layout.SetsPerRow + (layout.TapsPerBlock == 1 ? 1 : 2);

    private int Largest(int extent, int axis)
    {
        int low = 1;
        int high = Math.Max(1, extent);
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            bool fits = axis switch
            {
                0 => Fits(middle, PassZ, PassY, PassX),
                1 => Fits(1, middle, PassY, PassX),
                2 => Fits(1, 1, middle, PassX),
                _ => Fits(1, 1, 1, middle),
            };
            (low, high) = fits ? (middle, high) : (low, middle - 1);
        }

        int passes = (extent + low - 1) / low;
        return (extent + passes - 1) / passes;
    }

    private bool Fits(long items, long z, long y, long x)
    {
        long positions = items * z * y * x;
        long inputs = items * Inputs(layout.Z, 0, z) * Inputs(layout.Y, 1, y) * Inputs(layout.X, 2, x);
        long listed = UsesPanel ? Math.Min(inputs, positions) : positions;
        long most = sizeof(float) * layout.PackedLength > FarWeights ? PositionsFar : PositionsNear;
        return (positions == 1 || positions <= most)
            && IntegerMath.RoundUp(positions, 8) * layout.Lanes * SumsArrays <= SumsLength
            && positions + (layout.SetsPerRow * ((layout.TapsMost * (1 + (2 * listed))) + 1)) <= ListsLength
            && (!UsesPanel || inputs * layout.Chunk * layout.Chunks <= PanelLength);
    }

    private long Inputs(FiltersAxis axis, int index, long positions)
    {
        long read = positions - axis.LowestOffset;
        return layout.Layer.Border == Border.Zero ? Math.Min(read, layout.Input[index]) : read;
    }
}
