using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>
/// Every layer is computed as one with three spatial axes: missing outer axes get an extent, kernel, stride and
/// dilation of 1, which neither moves an element nor adds an operation.
/// </summary>
internal static class ThreeAxes
{
    private const int Axes = 3;

    public static ConvTransposeGeometry Lift(ConvTransposeGeometry geometry) => new()
    {
        Input = Lift(geometry.Input, 1),
        Kernel = Lift(geometry.Kernel, 1),
        Strides = Lift(geometry.Strides, 1),
        PadsBegin = Lift(geometry.PadsBegin, 0),
        PadsEnd = Lift(geometry.PadsEnd, 0),
        OutputPadding = Lift(geometry.OutputPadding, 0),
        Dilations = Lift(geometry.Dilations, 1),
        Cell = geometry.Cell is Dims cell ? Lift(cell, 1) : null,
    };

    public static Box Lift(Box box) => new(Lift(box.Origin, 0), Lift(box.Shape, 1));

    private static Dims Lift(Dims dims, long missing) => Dims.Repeat(missing, Axes - dims.Count).Concat(dims);
}
