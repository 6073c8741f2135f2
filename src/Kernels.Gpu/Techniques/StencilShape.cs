using Upweave.Tiling;

namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>How <see cref="GpuStencilTechnique"/> is cut: what a work item computes. It has no influence on the result.</summary>
/// <param name="Filters">A divisor of the filters of a group.</param>
/// <param name="Positions">Of outputs, below each other.</param>
internal readonly record struct StencilShape(int Filters, int Positions)
{
    /// <summary>Work items of a group.</summary>
    public const int Items = 128;

    private const int Warp = 32;

    /// <summary>Beyond these filters panels are as good.</summary>
    private const int FiltersMost = 4;

    /// <summary>Numbers that a work item holds, and those of a multiprocessor.</summary>
    private const int RegistersMost = 220;
    private const int RegistersOfAll = 65536;

    /// <summary>What addresses and counters take.</summary>
    private const int RegistersBeside = 28;

    /// <summary>Inputs that a work item reads at a time, unless one channel has more.</summary>
    private const int InputsAtOnce = 16;
    private const int LocalBytesMost = 32 << 10;

    /// <summary>Cycles until an input is there, with others on their way.</summary>
    private const int Latency = 500;

    /// <summary>Four schedulers start an instruction each, and one of a multiprocessor's accesses begins, per cycle.</summary>
    private const int Schedulers = 4;

    /// <summary>An access to a line of inputs that does not begin where a line of memory does.</summary>
    private const double CyclesPerInput = 1.7;

    private static readonly int[] PositionCounts = [1, 2, 4];

    /// <summary>Per doubling of positions: work items with more sums are fewer, and hide less waiting. Of an H100.</summary>
    private const double CyclesPerDoubling = 1.4;

    /// <summary>
    /// The shapes that are possible for a layer: none where there are gaps between kernels or their elements, with too many filters, or
    /// with a kernel that is too large.
    /// </summary>
    public static IEnumerable<StencilShape> All(ConvTransposeLayer layer)
    {
        ConvTransposeGeometry geometry = layer.Geometry;
        int filters = layer.OutputChannelsPerGroup;
        bool isGapless = geometry.Dilations.All(dilation => dilation == 1)
            && geometry.Kernel.Zip(geometry.Strides).All(axis => axis.First >= axis.Second);
        if (!isGapless || filters > FiltersMost || geometry.Kernel.Volume > RegistersMost)
            return [];
        return from count in Enumerable.Range(1, filters)
               where filters % count == 0
               from positions in PositionCounts
               let shape = new StencilShape(count, positions)
               where shape.Registers(layer) <= RegistersMost && shape.LocalBytes(layer) <= LocalBytesMost
               select shape;
    }

    /// <summary>Of those possible, the one that a call is expected to be fastest with.</summary>
    /// <param name="positions">Of the call's outputs.</param>
    /// <param name="positionsY">Those along y.</param>
    public static StencilShape Of(ConvTransposeLayer layer, int computeUnits, long positions, long positionsY) => All(layer).MinBy(
        shape => shape.Cycles(layer, computeUnits, positions / positionsY * IntegerMath.CeilDiv(positionsY, shape.Positions)));

    /// <summary>Floats of weights of a channel: the filters' kernels, in fours.</summary>
    public int Weights(ConvTransposeLayer layer) => (Products(layer) + 3) / 4 * 4;

    /// <summary>Channels whose inputs are read at a time: a divisor of every chunk's.</summary>
    public int Depth(ConvTransposeLayer layer)
    {
        int perBlock = DirectArithmetic.ChannelsPerBlock(layer);
        int last = layer.InputChannelsPerGroup % perBlock;
        int depth = 8;
        while (depth > 1 && (depth * Inputs(layer) > InputsAtOnce || perBlock % depth != 0 || last % depth != 0))
            depth /= 2;
        return depth;
    }

    private int Products(ConvTransposeLayer layer) => Filters * (int)layer.Geometry.Kernel.Volume;

    /// <summary>What a work item reads of a channel.</summary>
    private int Inputs(ConvTransposeLayer layer)
    {
        ConvTransposeGeometry geometry = ThreeAxes.Lift(layer.Geometry);
        long[] taps = [.. geometry.Kernel.Zip(geometry.Strides, IntegerMath.CeilDiv)];
        return (int)(taps[0] * (taps[1] + Positions - 1) * taps[2]);
    }

    private int Registers(ConvTransposeLayer layer)
    {
        int sums = Positions * (Products(layer) + (Filters * (int)layer.Geometry.Strides.Volume));
        return sums + (2 * Depth(layer) * Inputs(layer)) + RegistersBeside;
    }

    private int LocalBytes(ConvTransposeLayer layer) => sizeof(float) * Weights(layer) * DirectArithmetic.ChannelsPerBlock(layer);

    /// <summary>Of a multiprocessor: the longest of its instructions, of its accesses to memory, and of waiting for inputs.</summary>
    private double Cycles(ConvTransposeLayer layer, int computeUnits, long columns)
    {
        int sets = layer.OutputChannels / Filters;
        double warps = (double)IntegerMath.CeilDiv(columns, Warp) * sets / computeUnits;
        double accesses = (Weights(layer) / 4) + (CyclesPerInput * Inputs(layer));
        double instructions = (Products(layer) * Positions) + accesses + Inputs(layer);
        double rounds = Math.Ceiling(warps / Math.Max(1, RegistersOfAll / Warp / Registers(layer)));
        double perChannel = Math.Max(
            Math.Max(Math.Ceiling(warps / Schedulers) * instructions, warps * accesses), rounds * Latency / Depth(layer));
        return layer.InputChannelsPerGroup * perChannel * Math.Pow(CyclesPerDoubling, Math.Log2(Positions));
    }
}
