namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>How a panel is cut for matrix units: a work group has rows x columns, each of its warps a part of that.</summary>
/// <param name="WarpRows">A multiple of 16.</param>
/// <param name="WarpColumns">A multiple of 8.</param>
/// <param name="Efficiency">Relative to the largest, when there is plenty to do.</param>
internal readonly record struct TensorShape(int Rows, int Columns, int WarpRows, int WarpColumns, double Efficiency)
{
    public static readonly TensorShape[] All =
    [
        new(128, 128, 64, 32, 1.0),
        new(64, 64, 32, 32, 0.6),
        new(32, 64, 32, 16, 0.4),
        new(16, 128, 16, 32, 0.35),
    ];

    public int Items => Rows / WarpRows * (Columns / WarpColumns) * 32;
}
