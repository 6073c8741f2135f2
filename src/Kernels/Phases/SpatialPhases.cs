using Upweave.Tiling;

namespace Upweave.Kernels.Phases;

/// <summary>A tap of one spatial phase.</summary>
/// <param name="KernelIndex">Flat position in the kernel, C order.</param>
internal readonly record struct SpatialTap(int KernelIndex, int OffsetZ, int OffsetY, int OffsetX);

/// <summary>
/// The phases of a whole layer: the product of its axes' phases. Taps of all phases lie one after the other, phases
/// in C order and taps of a phase in ascending lexicographic kernel order; there are as many as the kernel has
/// elements.
/// </summary>
internal sealed class SpatialPhases
{
    /// <summary>Tables have an entry per phase and per tap; what is larger than this no network has.</summary>
    private const long PhasesMost = 1 << 16;
    private const long TapsMost = 1 << 18;

    private readonly SpatialTap[] taps;

    public SpatialPhases(ConvTransposeGeometry geometry)
    {
        ConvTransposeGeometry lifted = ThreeAxes.Lift(geometry);
        Z = Axis(lifted, 0);
        Y = Axis(lifted, 1);
        X = Axis(lifted, 2);
        taps = new SpatialTap[checked((int)geometry.Kernel.Volume)];
        int next = 0;
        for (int z = 0; z < Z.Stride; z++)
        {
            for (int y = 0; y < Y.Stride; y++)
            {
                for (int x = 0; x < X.Stride; x++)
                    next = AddPhase(z, y, x, next);
            }
        }
    }

    /// <summary>Whether the phases of a layer are few enough to be listed.</summary>
    public static bool CanList(ConvTransposeGeometry geometry) =>
        IsAtMost(geometry.Strides, PhasesMost) && IsAtMost(geometry.Kernel, TapsMost);

    public AxisPhases Z { get; }

    public AxisPhases Y { get; }

    public AxisPhases X { get; }

    /// <summary>The number of phases.</summary>
    public int Count => checked(Z.Stride * Y.Stride * X.Stride);

    /// <summary>The taps of all phases.</summary>
    public ReadOnlySpan<SpatialTap> Taps => taps;

    /// <summary>Taps of all phases before this one.</summary>
    public int TapsBefore(int z, int y, int x)
    {
        int countZ = Z.Taps(z).Length;
        int beforeY = (Z.TapsBefore(z) * Y.Kernel) + (countZ * Y.TapsBefore(y));
        return (beforeY * X.Kernel) + (countZ * Y.Taps(y).Length * X.TapsBefore(x));
    }

    /// <summary>Taps of a phase by its number in C order.</summary>
    public int TapCount(int phase) =>
        TapCount(phase / X.Stride / Y.Stride, phase / X.Stride % Y.Stride, phase % X.Stride);

    public int TapCount(int z, int y, int x) => Z.Taps(z).Length * Y.Taps(y).Length * X.Taps(x).Length;

    /// <summary>The taps of one phase.</summary>
    public ReadOnlySpan<SpatialTap> PhaseTaps(int z, int y, int x) => taps.AsSpan(TapsBefore(z, y, x), TapCount(z, y, x));

    private static AxisPhases Axis(ConvTransposeGeometry geometry, int axis) =>
        new(geometry.Kernel[axis], geometry.Strides[axis], geometry.Dilations[axis], geometry.PadsBegin[axis]);

    private static bool IsAtMost(Dims extents, long most)
    {
        long product = 1;
        for (int axis = 0; axis < extents.Count; axis++)
        {
            if (extents[axis] > most / product)
                return false;
            product *= extents[axis];
        }

        return true;
    }

    private int AddPhase(int z, int y, int x, int next)
    {
        foreach (AxisTap tapZ in Z.Taps(z))
        {
            foreach (AxisTap tapY in Y.Taps(y))
            {
                foreach (AxisTap tapX in X.Taps(x))
                {
                    int index = (((tapZ.Index * Y.Kernel) + tapY.Index) * X.Kernel) + tapX.Index;
                    taps[next++] = new SpatialTap(index, tapZ.Offset, tapY.Offset, tapX.Offset);
                }
            }
        }

        return next;
    }
}
