using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Bench.Shapes;

/// <summary>
/// Shapes that nobody tuned for: two of every class, from the ranges written here. Each costs at most 3 GFLOP, so that a run
/// stays short; the output stays below 256 MiB.
/// </summary>
internal sealed class RandomShapes
{
    private const int PerClass = 2;
    private const double FlopsMost = 3e9;
    private const double BytesMost = 256 << 20;
    private readonly Random random;
    private readonly List<ShapeRow> rows = [];

    private RandomShapes(int seed) => random = new Random(seed);

    public static IReadOnlyList<ShapeRow> Draw(int seed)
    {
        RandomShapes shapes = new(seed);
        shapes.DrawAll();
        return shapes.rows;
    }

    private void DrawAll()
    {
        Draw("wide", rank: 2, () => Dense(In(24, 384), In(24, 384)), () => In(4, 64), () => (4, 2, 1, 0, 1));
        Draw("first", rank: 2, () => Dense(In(32, 256), In(64, 512)), () => 1, () => (4, 1, 0, 0, 1));
        Draw("equal", rank: 2, () => Dense(In(16, 256), In(16, 256)), () => In(7, 96), () => Equal(In(2, 4)));
        Draw("head", rank: 2, () => Dense(In(16, 128), In(1, 4)), () => In(48, 256), () => Odd(In(1, 4), In(2, 4)));
        Draw("odd", rank: 2, () => Dense(In(16, 256), In(16, 256)), () => In(7, 64), () => (3, 2, 1, 1, 1));
        Draw("unit", rank: 2, () => Dense(In(16, 256), In(16, 256)), () => In(7, 64), () => Odd(In(1, 3), 1));
        Draw("dilated", rank: 2, () => Dense(In(16, 256), In(16, 256)), () => In(7, 32), () => (3, In(1, 2), 1, 0, In(2, 3)));
        Draw("large", rank: 2, () => Dense(In(8, 24), In(8, 24)), () => In(12, 64), () => Twice(In(6, 24)));
        Draw("large_dw", rank: 2, () => Depthwise(In(8, 32)), () => In(12, 64), () => Twice(In(6, 24)));
        Draw("depthwise", rank: 2, () => Depthwise(In(2, 96)), () => In(32, 256), () => Twice(In(2, 4)));
        Draw("single", rank: 2, () => Dense(1, 1), () => In(256, 1024), () => Twice(In(2, 4)));
        Draw("grouped", rank: 2, Grouped, () => In(8, 48), () => Odd(In(1, 2), In(1, 2)));
        Draw("volume_equal", rank: 3, () => Dense(In(16, 192), In(16, 128)), () => In(6, 24), () => Equal(2));
        Draw("volume_odd", rank: 3, () => Dense(In(16, 96), In(8, 64)), () => In(6, 32), () => (3, 2, 1, 1, 1));
        Draw("signal", rank: 1, () => Dense(In(32, 384), In(16, 256)), () => In(128, 8192), () => Twice(In(2, 8)));
    }

    private void Draw(
        string name, int rank, Func<(int In, int Out, int Groups)> channels, Func<int> extent,
        Func<(int Kernel, int Stride, int Pad, int OutputPadding, int Dilation)> taps)
    {
        for (int number = 1; number <= PerClass;)
        {
            (int input, int output, int groups) = channels();
            (int kernel, int stride, int pad, int outputPadding, int dilation) = taps();
            ConvTransposeGeometry geometry = new()
            {
                Input = Dims.Build(rank, _ => extent()),
                Kernel = Dims.Repeat(kernel, rank),
                Strides = Dims.Repeat(stride, rank),
                PadsBegin = Dims.Repeat(pad, rank),
                PadsEnd = Dims.Repeat(pad, rank),
                OutputPadding = Dims.Repeat(outputPadding, rank),
                Dilations = Dims.Repeat(dilation, rank),
            };
            ConvTransposeLayer layer = new() { InputChannels = input, OutputChannels = output, Groups = groups, Geometry = geometry };
            string text = $"{name}{number}_{input}-{output}_k{kernel}s{stride}_{string.Join('x', geometry.Input)}";
            if (geometry.Output.Any(size => size < 1))
                continue;
            ShapeRow row = new(text, In(1, 2), layer, "drawn");
            if (row.Flops > FlopsMost || row.Bytes > BytesMost)
                continue;
            rows.Add(row);
            number++;
        }
    }

    private int In(int least, int most) => random.Next(least, most + 1);

    private (int In, int Out, int Groups) Grouped()
    {
        int groups = In(2, 8);
        return (groups * In(4, 48), groups * In(4, 48), groups);
    }

    private static (int In, int Out, int Groups) Dense(int input, int output) => (input, output, 1);

    private static (int In, int Out, int Groups) Depthwise(int channels) => (channels, channels, channels);

    private static (int, int, int, int, int) Equal(int stride) => (stride, stride, 0, 0, 1);

    private static (int, int, int, int, int) Twice(int stride) => (2 * stride, stride, stride / 2, 0, 1);

    private static (int, int, int, int, int) Odd(int half, int stride) => ((2 * half) + 1, stride, half, stride - 1, 1);
}
