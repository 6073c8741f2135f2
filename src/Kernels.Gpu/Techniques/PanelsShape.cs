namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>How a panel is cut: a work group has <paramref name="Rows"/> x <paramref name="Columns"/>, a work item a part of that.</summary>
/// <param name="ItemRows">A multiple of 4.</param>
/// <param name="ItemColumns">A multiple of 4.</param>
/// <param name="Efficiency">Share of a multiprocessor's multiply-adds that it reaches when there is plenty to do; measured.</param>
internal readonly record struct PanelsShape(int Rows, int Columns, int ItemRows, int ItemColumns, double Efficiency)
{
    /// <summary>Channels that go through local memory at a time.</summary>
    public const int Depth = 8;

    public static readonly PanelsShape[] All =
    [
        new(128, 128, 8, 8, 0.80),
        new(64, 128, 8, 8, 0.75),
        new(64, 64, 8, 4, 0.60),
        new(32, 128, 4, 8, 0.60),
        new(32, 64, 4, 4, 0.45),
        new(16, 256, 4, 8, 0.50),
        new(8, 256, 4, 4, 0.35),
        new(4, 512, 4, 4, 0.30),
    ];

    public int Items => Rows / ItemRows * (Columns / ItemColumns);
}
