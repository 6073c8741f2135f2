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

    /// <summary>Vectors of a tile, whose lines lie together in the panel.</summary>
    public const int TileVectors = 3;

    /// <summary>A panel is read once per register tile of output channels, so it should stay in the second-level cache.</summary>
    private const int PanelBytesWanted = 320 << 10;
    private const int WorkspaceBytesMost = 1 << 20;
    private const int TilesMost = 4;

    /// <summary>Beyond this the phases of the outer axes have panels of their own, which are smaller.</summary>
    private const int MergedBytesMost = 448 << 10;
    private const int MergedSlotsMost = 16;
    private const int StepBytes = 16;
    private const int LineFloats = 16;
    private const int VectorBitsOfManyRegisters = 512;

    public PanelsShape(ConvTransposeLayer layer)
    {
        Layer = layer;
        Phases = new SpatialPhases(layer.Geometry);
        ChannelsPerBlock = DirectArithmetic.ChannelsPerBlock(layer);
        TileRows = TileRowsHere;
        RowTiles = (int)IntegerMath.CeilDiv(layer.OutputChannelsPerGroup, TileRows);
        TileColumns = TileVectors * VectorWidth.Bits / (8 * sizeof(float));
        X = new PanelsAxis(Phases.X, isMerged: true);
        Y = new PanelsAxis(Phases.Y, isMerged: true);
        Z = new PanelsAxis(Phases.Z, isMerged: true);
        if (TileBytes > MergedBytesMost || Z.Slots > MergedSlotsMost / Y.Slots)
            Z = new PanelsAxis(Phases.Z, isMerged: false);
        if (TileBytes > MergedBytesMost || Y.Slots > MergedSlotsMost)
            Y = new PanelsAxis(Phases.Y, isMerged: false);
        Lines = CountLines();
        Tiles = (int)Math.Clamp(PanelBytesWanted / Math.Max(1, TileBytes), 1, TilesMost);
        long chunks = IntegerMath.CeilDiv(layer.InputChannelsPerGroup, ChannelsPerBlock);
        StepsMost = checked((int)(chunks * Z.TapsMost * Y.TapsMost * X.TapsMost));
    }

    /// <summary>
    /// Output channels per register tile: a panel's lines come from the second-level cache once per tile, so as many as
    /// there are registers for.
    /// </summary>
    public static int TileRowsHere => VectorWidth.Bits == VectorBitsOfManyRegisters ? ManyRows : FewRows;

    public ConvTransposeLayer Layer { get; }

    public SpatialPhases Phases { get; }

    public int ChannelsPerBlock { get; }

    public PanelsAxis Z { get; }

    public PanelsAxis Y { get; }

    /// <summary>Always merged: phases along x are interleaved in rows of outputs.</summary>
    public PanelsAxis X { get; }

    /// <summary>Output channels per register tile.</summary>
    public int TileRows { get; }

    /// <summary>Register tiles over the output channels of a group; the last may have rows that are never stored.</summary>
    public int RowTiles { get; }

    /// <summary>Rows of all register tiles of a group.</summary>
    public int Rows => ((RowTiles - 1) * TileRows) + RowsOf(RowTiles - 1);

    /// <summary>Outputs per tile.</summary>
    public int TileColumns { get; }

    /// <summary>Tiles per panel.</summary>
    public int Tiles { get; }

    /// <summary>Outputs per panel and x-phase.</summary>
    public int Columns => Tiles * TileColumns;

    /// <summary>Most lines of a panel: input channels of a group times the places that are read.</summary>
    public long Lines { get; }

    /// <summary>Most blocks of the sums of the phases that share a panel.</summary>
    public int StepsMost { get; }

    /// <summary>Floats of the workspace that the steps take.</summary>
    public long StepsLength => IntegerMath.RoundUp(
        (StepBytes / sizeof(float) * (long)StepsMost) + (Z.Slots * Y.Slots * X.Slots) + 1, LineFloats);

    /// <summary>Floats of the totals of one register tile's channels: [row][x-phase][column].</summary>
    public long TotalsLength => (long)TileRows * Phases.X.Stride * Columns;

    /// <summary>Floats of one register tile's subtotals.</summary>
    public int SubtotalsLength => TileRows * TileColumns;

    public long WorkspaceLength => checked((Lines * Columns) + StepsLength + TotalsLength + SubtotalsLength);

    public bool FitsWorkspace => WorkspaceLength * sizeof(float) <= WorkspaceBytesMost;

    public long WeightsLength => checked(
        (long)Layer.Groups * Rows * Layer.InputChannelsPerGroup * Layer.Geometry.Kernel.Volume);

    /// <summary>Rows of one register tile.</summary>
    public int RowsOf(int tile) => Layer.OutputChannelsPerGroup - (tile * TileRows) > FewRows ? TileRows : FewRows;

    private long TileBytes => checked(CountLines() * TileColumns * sizeof(float));

    private long CountLines() => checked((long)Layer.InputChannelsPerGroup * Z.OffsetsMost * Y.OffsetsMost * X.OffsetsMost);
}
