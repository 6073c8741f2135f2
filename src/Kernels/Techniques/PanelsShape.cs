using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>What follows from the layer alone: sizes of panels, of packed weights, and the parts of the workspace.</summary>
internal sealed class PanelsShape
{
    /// <summary>Output channels of a register tile where registers are few, and of the last where few are left.</summary>
    public const int FewRows = 4;

    private const int ManyRows = 8;

    /// <summary>Vectors per register tile.</summary>
    public const int TileVectors = 3;

    /// <summary>A panel is read once per register tile of output channels, so it should stay in the second-level cache.</summary>
    private const int PanelBytesWanted = 320 << 10;
    private const int WorkspaceBytesMost = 1 << 20;
    private const int TilesMost = 4;
    private const int StepBytes = 16;
    private const int LineFloats = 16;
    private const int VectorBitsOfManyRegisters = 512;

    private readonly int[][] offsetsX;

    public PanelsShape(ConvTransposeLayer layer)
    {
        Layer = layer;
        Phases = new SpatialPhases(layer.Geometry);
        ChannelsPerBlock = DirectArithmetic.ChannelsPerBlock(layer);
        TileRows = TileRowsHere;
        RowTiles = (int)IntegerMath.CeilDiv(layer.OutputChannelsPerGroup, TileRows);
        TileColumns = TileVectors * VectorWidth.Bits / (8 * sizeof(float));
        offsetsX = new int[Phases.X.Stride][];
        for (int phase = 0; phase < offsetsX.Length; phase++)
            offsetsX[phase] = DistinctOffsets(phase);
        long outerTaps = (long)MostTaps(Phases.Z) * MostTaps(Phases.Y);
        Lines = checked(layer.InputChannelsPerGroup * outerTaps * offsetsX.Max(list => list.Length));
        long tileBytes = checked(Lines * TileColumns * sizeof(float));
        Tiles = (int)Math.Clamp(PanelBytesWanted / Math.Max(1, tileBytes), 1, TilesMost);
        Chunks = (int)IntegerMath.CeilDiv(layer.InputChannelsPerGroup, ChannelsPerBlock);
        StepsLength = IntegerMath.RoundUp(StepBytes / sizeof(float) * Chunks * outerTaps * Phases.X.Kernel, LineFloats);
    }

    /// <summary>
    /// Output channels per register tile: a panel's lines come from the second-level cache once per tile, so as many as
    /// there are registers for.
    /// </summary>
    public static int TileRowsHere => VectorWidth.Bits == VectorBitsOfManyRegisters ? ManyRows : FewRows;

    public ConvTransposeLayer Layer { get; }

    public SpatialPhases Phases { get; }

    public int ChannelsPerBlock { get; }

    /// <summary>Blocks of input channels in a group.</summary>
    public int Chunks { get; }

    /// <summary>Output channels per register tile.</summary>
    public int TileRows { get; }

    /// <summary>Register tiles over the output channels of a group; the last may have rows that are never stored.</summary>
    public int RowTiles { get; }

    /// <summary>Rows of all register tiles of a group.</summary>
    public int Rows => ((RowTiles - 1) * TileRows) + RowsOf(RowTiles - 1);

    /// <summary>Outputs per register tile.</summary>
    public int TileColumns { get; }

    /// <summary>Register tiles per panel.</summary>
    public int Tiles { get; }

    /// <summary>Outputs per panel and x-phase.</summary>
    public int Columns => Tiles * TileColumns;

    /// <summary>Most lines of a panel: input channels of a group times taps on the outer axes times places along x.</summary>
    public long Lines { get; }

    /// <summary>Floats of the workspace that the steps take.</summary>
    public long StepsLength { get; }

    /// <summary>Floats of the totals of one register tile's channels: [row][x-phase][column].</summary>
    public long TotalsLength => (long)TileRows * Phases.X.Stride * Columns;

    /// <summary>Floats of one register tile's subtotals.</summary>
    public int SubtotalsLength => TileRows * TileColumns;

    public long WorkspaceLength => checked((Lines * Columns) + StepsLength + TotalsLength + SubtotalsLength);

    public bool FitsWorkspace => WorkspaceLength * sizeof(float) <= WorkspaceBytesMost;

    public long WeightsLength => checked(
        (long)Layer.Groups * Rows * Layer.InputChannelsPerGroup * Layer.Geometry.Kernel.Volume);

    /// <summary>
    /// The different places along x that the taps of all x-phases read, counted from a column's place for the first
    /// of them, in a row that begins with this x-phase; phases that come after a wrap stand one place further on.
    /// </summary>
    public ReadOnlySpan<int> OffsetsX(int firstPhase) => offsetsX[firstPhase];

    /// <summary>Rows of one register tile.</summary>
    public int RowsOf(int tile) => Layer.OutputChannelsPerGroup - (tile * TileRows) > FewRows ? TileRows : FewRows;

    private static int MostTaps(AxisPhases axis)
    {
        int most = 0;
        for (int phase = 0; phase < axis.Stride; phase++)
            most = Math.Max(most, axis.Taps(phase).Length);
        return most;
    }

    private int[] DistinctOffsets(int firstPhase)
    {
        SortedSet<int> offsets = [];
        for (int phase = 0; phase < Phases.X.Stride; phase++)
        {
            foreach (AxisTap tap in Phases.X.Taps(phase))
                offsets.Add(tap.Offset + (phase < firstPhase ? 1 : 0));
        }

        return [.. offsets];
    }
}
