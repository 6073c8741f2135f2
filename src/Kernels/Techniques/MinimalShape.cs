using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>What follows from a minimal layer alone: sizes of panels, of packed weights, and the parts of the workspace.</summary>
internal sealed class MinimalShape
{
    /// <summary>Lines of a cell, of both axes.</summary>
    public const int LinesMost = 16;

    private const int PointsMost = 16;
    private const int PanelBytesWanted = 320 << 10;

    /// <summary>Lines have fewer vectors where a panel would be larger: at 900 KiB 2 to 7 % are lost (Zen 5, 1 MiB of L2).</summary>
    private const int PanelBytesMost = 600 << 10;
    private const int TilesMost = 4;
    private const int LineFloats = 16;

    public MinimalShape(ConvTransposeLayer layer)
    {
        Layer = layer;
        SpatialPhases phases = new(layer.Geometry);
        Dims cell = ThreeAxes.Lift(layer.Geometry).Cell!.Value;
        Z = new MinimalAxis(phases.Z, hasCells: false);
        Y = new MinimalAxis(phases.Y, cell[1] == 2);
        X = new MinimalAxis(phases.X, hasCells: true);
        Form = new MinimalForm(Y, X);
        Chunk = MinimalArithmetic.ChannelsPerChunk(layer);
        TileRows = PanelsShape.TileRowsHere;
        RowTiles = (int)IntegerMath.CeilDiv(layer.OutputChannelsPerGroup, TileRows);
        TapsMost = checked(Z.TapsMost * Y.TapsMost);
        PanelLines = checked((long)layer.InputChannelsPerGroup * TapsMost * Y.Lines * X.Lines);
        int lanes = VectorWidth.Bits / (8 * sizeof(float));
        TileColumns = lanes * (int)Math.Clamp(PanelBytesMost / (PanelLines * lanes * sizeof(float)), 1, PanelsShape.TileVectors);
        Tiles = (int)Math.Clamp(PanelBytesWanted / Math.Max(1, PanelLines * TileColumns * sizeof(float)), 1, TilesMost);
        Direct = layer with { Geometry = layer.Geometry with { Cell = null } };
        RepairWorkspaceLength = KernelSelector.WorkspaceLength(
            Direct, Dims.Build(layer.Geometry.Rank, axis => axis == layer.Geometry.Rank - 1 ? X.Outputs : 1));
    }

    public ConvTransposeLayer Layer { get; }

    /// <summary>The same layer by the direct algorithm, which cells that are not finite are computed by.</summary>
    public ConvTransposeLayer Direct { get; }

    public MinimalAxis Z { get; }

    public MinimalAxis Y { get; }

    public MinimalAxis X { get; }

    public MinimalForm Form { get; }

    /// <summary>Input channels in a chunk of the sum.</summary>
    public int Chunk { get; }

    /// <summary>Output channels per register tile.</summary>
    public int TileRows { get; }

    /// <summary>Cells per tile, whose lines lie together in the panel.</summary>
    public int TileColumns { get; }

    /// <summary>Register tiles over the output channels of a group.</summary>
    public int RowTiles { get; }

    /// <summary>Tiles per panel.</summary>
    public int Tiles { get; }

    /// <summary>Cells per panel.</summary>
    public int Columns => Tiles * TileColumns;

    /// <summary>Most taps that are summed one by one.</summary>
    public int TapsMost { get; }

    /// <summary>Most lines of a panel: input channels times taps times lines along y and x.</summary>
    public long PanelLines { get; }

    public long PanelLength => PanelLines * Columns;

    /// <summary>Sums of all points of a phase: [point of y][point of x][row][column].</summary>
    public int PointsLength => PointsMost * TileRows * TileColumns;

    public int SubtotalsLength => TileRows * TileColumns;

    /// <summary>Totals of a register tile's channels: [position along y][row][output along x][column].</summary>
    public long TotalsLength => (long)Y.Positions * TileRows * X.Outputs * Columns;

    /// <summary>A mark for every column: the cell is not finite.</summary>
    public long MarksLength => IntegerMath.RoundUp(Columns, LineFloats);

    /// <summary>A row of a cell's outputs in all channels, computed again by the direct algorithm.</summary>
    public long RepairLength => IntegerMath.RoundUp(checked((long)Layer.OutputChannels * X.Outputs), LineFloats);

    /// <summary>What the direct algorithm needs for it.</summary>
    public long RepairWorkspaceLength { get; }

    public long WorkspaceLength => Math.Max(OwnLength, checked(MarksLength + RepairLength + RepairWorkspaceLength));

    private long OwnLength => checked(MarksLength + PanelLength + PointsLength + SubtotalsLength + TotalsLength);

    /// <summary>Points of all phases of y and x that share a panel.</summary>
    public int Points => Y.PointsOfInnerPhases * X.PointsOfInnerPhases;

    /// <summary>Taps that are summed one by one.</summary>
    public int Taps(int phaseZ, int outerY) => Z.Taps(phaseZ) * Y.Taps(outerY);

    /// <summary>Floats of packed weights of one point of a register tile.</summary>
    public int PointLength(int phaseZ, int outerY) => Taps(phaseZ, outerY) * Layer.InputChannelsPerGroup * TileRows;

    public long WeightsLength => checked(
        (long)Layer.Groups * RowTiles * TileRows * Layer.InputChannelsPerGroup * Points
        * Z.Phases.Kernel * (Y.HasCells ? 1 : Y.Phases.Kernel));

    /// <summary>Where the weights of a group's first register tile lie.</summary>
    public nint WeightsStart(int group, int phaseZ, int outerY)
    {
        nint kernelY = Y.HasCells ? 1 : Y.Phases.Kernel;
        nint tapsBefore = (Z.Phases.TapsBefore(phaseZ) * kernelY) + ((nint)Z.Taps(phaseZ) * (Y.HasCells ? 0 : Y.Phases.TapsBefore(outerY)));
        return ((group * Z.Phases.Kernel * kernelY) + tapsBefore) * Points * RowTiles * Layer.InputChannelsPerGroup * TileRows;
    }
}
