using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Pictures;

/// <summary>A plane of an array as a preview shows it.</summary>
/// <param name="Down">The axis that goes down.</param>
/// <param name="Across">The axis that goes to the right.</param>
/// <param name="At">The index on every other axis.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
internal sealed record PreviewView(int Down, int Across, Dims At, int Height, int Width)
{
    /// <summary>
    /// The plane in the middle, the first of a batch; of a volume the three middle planes: y down and x across, y down and z across, z down
    /// and x across.
    /// </summary>
    /// <param name="axes">One letter per axis, in any order; at least <c>x</c>.</param>
    /// <param name="side">Pixels of the longest side of the first.</param>
    public static IReadOnlyList<PreviewView> Of(Dims shape, string axes, ArraySpace? space, int side)
    {
        int x = axes.IndexOf('x', StringComparison.Ordinal);
        int y = axes.IndexOf('y', StringComparison.Ordinal);
        int z = axes.IndexOf('z', StringComparison.Ordinal);
        Dims middle = Dims.Build(shape.Count, axis => "zyx".Contains(axes[axis], StringComparison.Ordinal) ? shape[axis] / 2 : 0);
        double Spacing(int axis)
        {
            int place = space?.Axes.IndexOf(axes[axis], StringComparison.Ordinal) ?? -1;
            double scale = place < 0 ? 1 : Math.Abs(space!.Scale[place]);
            return scale > 0 && double.IsFinite(scale) ? scale : 1;
        }

        int[] shown = [.. new[] { z, y, x }.Where(axis => axis >= 0)];
        double longest = shown.Max(axis => shape[axis] * Spacing(axis));
        double pixel = Math.Max(longest / side, shown.Min(Spacing));
        int Pixels(int axis) => (int)Math.Clamp(Math.Round(shape[axis] * Spacing(axis) / pixel), 1, side);
        PreviewView View(int down, int across) => new(down, across, middle, down < 0 ? 1 : Pixels(down), Pixels(across));
        return z >= 0 && shape[z] > 1 ? [View(y, x), View(y, z), View(z, x)] : [View(y, x)];
    }

    /// <summary>The index that a pixel shows.</summary>
    public static long IndexOf(int pixel, int pixels, long extent) => (long)((pixel + 0.5) * extent / pixels);

    /// <summary>The box that one line of pixels is taken from.</summary>
    /// <param name="channelAxis">-1 where there is none.</param>
    public Box LineBox(int line, Dims shape, int channelAxis, int channels)
    {
        Dims origin = Dims.Build(shape.Count, axis =>
            axis == Down ? IndexOf(line, Height, shape[axis]) : axis == Across || axis == channelAxis ? 0 : At[axis]);
        return new Box(origin, Dims.Build(shape.Count, axis => axis == Across ? shape[axis] : axis == channelAxis ? channels : 1));
    }
}
