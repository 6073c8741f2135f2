using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>The panels of <see cref="GpuMinimalTechnique"/>, and their transformed weights.</summary>
internal sealed class MinimalLayout
{
    private readonly ConvTransposeLayer layer;
    private readonly ConvTransposeGeometry geometry;
    private readonly AxisPhases alongZ;
    private readonly AxisPhases alongY;

    public MinimalLayout(ConvTransposeLayer layer)
    {
        this.layer = layer;
        geometry = ThreeAxes.Lift(layer.Geometry);
        SpatialPhases phases = new(layer.Geometry);
        alongZ = phases.Z;
        alongY = phases.Y;
        IsPairedY = geometry.Cell!.Value[1] > 1;
        StrideZ = phases.Z.Stride;
        StrideY = phases.Y.Stride;
        StrideX = phases.X.Stride;
        Classes = MinimalClass.All(StrideY, phases.Y.Kernel, IsPairedY, StrideX, phases.X.Kernel);
        Phases = StrideZ * (IsPairedY ? 1 : StrideY);
        Starts = [0];
        for (int phase = 0; phase < Phases; phase++)
        {
            foreach (AxisTap z in alongZ.Taps(IsPairedY ? phase : phase / StrideY))
            {
                foreach (AxisTap y in IsPairedY ? [new AxisTap(0, 0)] : alongY.Taps(phase % StrideY))
                    Shifts.Add((z.Offset, y.Offset));
            }

            Starts.Add(Shifts.Count);
        }

        Points = [.. Classes.OfType<MinimalClass>().SelectMany(of => Enumerable.Repeat(of, of.Points))];
        Panels = Points.Length * Phases * layer.Groups;
        RowsMost = Points.Max(Rows);
        SumsPerColumn = Points.Sum(PointSums);
    }

    public bool IsPairedY { get; }

    public int StrideZ { get; }

    public int StrideY { get; }

    public int StrideX { get; }

    /// <summary>Two taps (or three) along y and x, two and one, one and two, one and one.</summary>
    public MinimalClass?[] Classes { get; }

    /// <summary>Phases of the axes without cells.</summary>
    public int Phases { get; }

    /// <summary>Taps of those axes, phase by phase.</summary>
    public List<(int Z, int Y)> Shifts { get; } = [];

    /// <summary>The first of a phase's taps; one more than there are phases.</summary>
    public List<int> Starts { get; }

    public int LinesY => IsPairedY ? Lines(StrideY, alongY.Kernel) : 1;

    public int LinesX => Lines(StrideX, checked((int)geometry.Kernel[2]));

    /// <summary>The class of each point, class by class.</summary>
    private MinimalClass[] Points { get; }

    /// <summary>Of all classes, points, phases of the other axes, and groups: each is a sum of its own.</summary>
    public int Panels { get; }

    /// <summary>Rows of the panels that have most.</summary>
    public int RowsMost { get; }

    /// <summary>Sums of all classes per column.</summary>
    public long SumsPerColumn { get; }

    public int Rows(MinimalClass of) => layer.OutputChannelsPerGroup * of.CountY * of.CountX;

    private int RowsPadded(MinimalClass of) => (Rows(of) + 3) / 4 * 4;

    /// <summary>Floats of weights of a point.</summary>
    private long WeightLength(MinimalClass of) => (long)Shifts.Count * layer.InputChannels * RowsPadded(of);

    /// <summary>Sums of a point per column.</summary>
    private long PointSums(MinimalClass of) => (long)Phases * layer.Groups * Rows(of);

    /// <summary>The tables that programs read.</summary>
    public string Tables() =>
        ProgramTable.Of("tapStart", Starts) + ProgramTable.Of("tapShiftZ", Shifts.Select(shift => shift.Z))
        + ProgramTable.Of("tapShiftY", Shifts.Select(shift => shift.Y)) + ProgramTable.Of("tapShiftX", Shifts.Select(_ => 0))
        + ProgramTable.Of("pointLine", Classes.SelectMany(PointLines)) + ProgramTable.Of("classSums", ClassSums())
        + ProgramTable.Of("pointRows", Points.Select(Rows)) + ProgramTable.Of("pointWeights", Firsts(Points.Select(WeightLength)))
        + ProgramTable.Of("pointSums", Firsts(Points.Select(PointSums)));

    /// <summary>Per class: [point y, point x, phase, group, chunk, tap, channel, <see cref="RowsPadded"/>].</summary>
    public float[] Pack(ReadOnlySpan<float> weights)
    {
        float[] packed = new float[checked((int)Points.Sum(WeightLength))];
        int at = 0;
        foreach (MinimalClass of in Classes.OfType<MinimalClass>())
        {
            for (int point = 0; point < of.Points; point++)
                Pack(weights, of, point / of.LinesX.Length, point % of.LinesX.Length, packed, ref at);
        }

        return packed;
    }

    private void Pack(ReadOnlySpan<float> weights, MinimalClass of, int pointY, int pointX, float[] packed, ref int at)
    {
        int channels = layer.InputChannelsPerGroup;
        int perChunk = MinimalArithmetic.ChannelsPerChunk(layer);
        for (int phase = 0; phase < Phases; phase++)
        {
            for (int group = 0; group < layer.Groups; group++)
            {
                for (int chunk = 0; chunk < channels; chunk += perChunk)
                {
                    for (int tap = Starts[phase]; tap < Starts[phase + 1]; tap++)
                    {
                        for (int channel = chunk; channel < Math.Min(chunk + perChunk, channels); channel++)
                        {
                            Span<float> rows = packed.AsSpan(at, Rows(of));
                            PackRows(weights, of, pointY, pointX, phase, Shifts[tap], (group * channels) + channel, rows);
                            at += RowsPadded(of);
                        }
                    }
                }
            }
        }
    }

    private void PackRows(
        ReadOnlySpan<float> weights, MinimalClass of, int pointY, int pointX, int phase, (int Z, int Y) shift, int channel,
        Span<float> rows)
    {
        int filters = layer.OutputChannelsPerGroup;
        int phases = of.CountY * of.CountX;
        int kernelVolume = checked((int)geometry.Kernel.Volume);
        int tapZ = IndexOf(alongZ, IsPairedY ? phase : phase / StrideY, shift.Z);
        int tapY = IsPairedY ? 0 : IndexOf(alongY, phase % StrideY, shift.Y);
        for (int row = 0; row < rows.Length; row++)
        {
            int first = ((channel * filters) + (row / phases)) * kernelVolume;
            ReadOnlySpan<float> plane = weights.Slice(
                first + (tapZ * alongY.Kernel * checked((int)geometry.Kernel[2])), alongY.Kernel * checked((int)geometry.Kernel[2]));
            int phaseY = of.PhasesY.Start.Value + (row % phases / of.CountX);
            int phaseX = of.PhasesX.Start.Value + (row % of.CountX);
            rows[row] = IsPairedY ? AlongY(plane, of, pointY, phaseY, pointX, phaseX) : AlongX(plane, tapY, of, pointX, phaseX);
        }
    }

    /// <summary>Transformed along x first, then along y: see docs/arithmetic.md.</summary>
    private float AlongY(ReadOnlySpan<float> plane, MinimalClass of, int pointY, int phaseY, int pointX, int phaseX)
    {
        float near = AlongX(plane, phaseY, of, pointX, phaseX);
        if (of.LinesY.Length == 2)
            return near;
        float far = AlongX(plane, phaseY + StrideY, of, pointX, phaseX);
        return of.LinesY.Length == 3
            ? MinimalPoints.OfTwo(far, near, pointY)
            : MinimalPoints.OfThree(AlongX(plane, phaseY + (2 * StrideY), of, pointX, phaseX), far, near, pointY);
    }

    private float AlongX(ReadOnlySpan<float> plane, int tapY, MinimalClass of, int pointX, int phaseX)
    {
        ReadOnlySpan<float> line = plane.Slice(tapY * checked((int)geometry.Kernel[2]), checked((int)geometry.Kernel[2]));
        float near = line[phaseX];
        if (of.LinesX.Length == 2)
            return near;
        float far = line[phaseX + StrideX];
        return of.LinesX.Length == 3
            ? MinimalPoints.OfTwo(far, near, pointX) : MinimalPoints.OfThree(line[phaseX + (2 * StrideX)], far, near, pointX);
    }

    private IEnumerable<int> PointLines(MinimalClass? of) =>
        of is null ? [] : of.LinesY.SelectMany(y => of.LinesX.Select(x => (y * LinesX) + x));

    /// <summary>Where each class's sums begin, per column.</summary>
    private IEnumerable<int> ClassSums() => Firsts(Classes.Select(of => of is null ? 0 : of.Points * PointSums(of)));

    private static IEnumerable<int> Firsts(IEnumerable<long> lengths)
    {
        long first = 0;
        foreach (long length in lengths)
        {
            yield return checked((int)first);
            first += length;
        }
    }

    private static int Lines(int stride, int kernel) => kernel == 2 * stride ? 3 : 4;

    private static int IndexOf(AxisPhases axis, int phase, int shift)
    {
        foreach (AxisTap tap in axis.Taps(phase))
        {
            if (tap.Offset == shift)
                return tap.Index;
        }

        throw new InvalidOperationException($"Phase {phase} has no tap at {shift}.");
    }
}
