namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>
/// How a panel is cut: a work group has <paramref name="Rows"/> x <paramref name="Columns"/>, a work item a part of that.
/// </summary>
/// <param name="ItemRows">A multiple of 4.</param>
/// <param name="ItemColumns">A multiple of 4, or anything where a work item has all rows.</param>
/// <param name="DepthMost">Channels that go through local memory at a time, at most.</param>
/// <param name="Efficiency">
/// Share of a multiprocessor's multiply-adds that it reaches when there is plenty to do; measured on an H100.
/// </param>
internal readonly record struct PanelsShape(
    int Rows, int Columns, int ItemRows, int ItemColumns, int DepthMost, double Efficiency)
{
    /// <summary>Work items that one instruction computes, on most devices.</summary>
    private const int Warp = 32;
    private const int DepthLeast = 8;

    /// <summary>The next depth is taken if it makes the sums no longer than so many times what they are.</summary>
    private const double WasteMost = 1.15;

    public static readonly PanelsShape[] All =
    [
        new(64, 128, 8, 8, 8, 0.44),
        new(64, 32, 4, 4, 32, 0.42),
        new(32, 64, 4, 4, 32, 0.43),
        new(32, 32, 4, 4, 32, 0.375),
        new(16, 128, 4, 4, 16, 0.35),
        new(4, 512, 4, 4, 8, 0.19),
        new(8, 512, 8, 4, 8, 0.32),
        new(12, 256, 12, 2, 8, 0.25),
        new(16, 256, 16, 2, 8, 0.42),
    ];

    public int Items => Rows / ItemRows * (Columns / ItemColumns);

    /// <summary>Whether a work item has all rows.</summary>
    private bool IsNarrow => Rows == ItemRows;

    /// <summary>
    /// Where in its warp a work item stands: neighbours in squares, so that each quarter of a warp reads little local memory.
    /// </summary>
    public string LaneMacros => WarpRows switch
    {
        8 => Lanes("((lane) >> 1 & 7)", "((lane) & 1 | (lane) >> 4 << 1)"),
        4 => Lanes("((lane) & 1 | (lane) >> 4 << 1)", "((lane) >> 1 & 7)"),
        2 => Lanes("((lane) & 1)", "((lane) >> 1)"),
        _ => Lanes("0", "(lane)"),
    };

    /// <summary>Rows of work items in a warp; as near to a square as the panel allows.</summary>
    private int WarpRows => Math.Min(8, Rows / ItemRows);

    /// <summary>What the program needs to know of the cut.</summary>
    /// <param name="channels">Per group.</param>
    /// <param name="perChunk">Channels of a chunk of the sum.</param>
    /// <param name="depthMost">Channels that may go through local memory at a time.</param>
    public (string Name, long Value)[] Macros(int channels, int perChunk, int depthMost)
    {
        int depth = Depth(perChunk, Math.Min(depthMost, DepthMost));
        bool isEven = perChunk % depth == 0 && channels % perChunk % depth == 0;
        return
        [
            ("BM", Rows), ("BN", Columns), ("BK", depth), ("TM", ItemRows), ("TN", ItemColumns), ("THREADS", Items),
            ("WARP_ROWS", WarpRows), ("WARP_COLUMNS", Warp / WarpRows), ("EVEN", isEven ? 1 : 0),
            ("NARROW", IsNarrow ? 1 : 0),
        ];
    }

    private static string Lanes(string row, string column) => $"#define LANE_ROW(lane) {row}\n#define LANE_COLUMN(lane) {column}\n";

    private static int Depth(int channels, int most)
    {
        int depth = DepthLeast;
        while (2 * depth <= most && Padded(channels, 2 * depth) <= WasteMost * Padded(channels, depth))
            depth *= 2;
        return depth;
    }

    private static int Padded(int channels, int depth) => (channels + depth - 1) / depth * depth;
}
