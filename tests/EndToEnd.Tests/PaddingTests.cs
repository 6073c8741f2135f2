using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>auto_pad and output_shape, by ONNX's formula and the definition in plain loops.</summary>
public sealed class PaddingTests : IDisposable
{
    private const ulong Seed = 2601;
    private readonly TestFolder folder = new();

    /// <summary>What one axis of the layer is like.</summary>
    public sealed record Axis(long Input, long Kernel, long Stride, long Dilation, long OutputPadding, long? Wanted = null)
    {
        /// <summary>total_padding of ONNX's ConvTranspose.</summary>
        public (long Output, long Begin) Pad(string mode)
        {
            long covered = ConvTransposeOracle.Covered(Input, Kernel, Stride, Dilation, OutputPadding);
            if (Wanted is null && mode is "NOTSET" or "VALID")
                return (covered, 0);
            long output = Wanted ?? Input * Stride;
            long total = covered - output;
            long half = total / 2;
            return (output, total < 0 ? 0 : mode == "SAME_UPPER" ? half : total - half);
        }
    }

    private static readonly Dictionary<string, (Axis Rows, Axis Columns)> Layers = new()
    {
        ["even and odd padding"] = (new(7, 4, 2, 1, 0), new(9, 5, 2, 1, 0)),
        ["dilated"] = (new(6, 3, 2, 2, 0), new(5, 4, 3, 3, 0)),
        ["output padding"] = (new(5, 3, 2, 1, 1), new(6, 2, 3, 1, 2)),
        ["kernel smaller than stride"] = (new(5, 2, 3, 1, 0), new(4, 1, 2, 1, 0)),
        ["wanted smaller"] = (new(6, 5, 2, 1, 0, Wanted: 12), new(6, 5, 2, 1, 1, Wanted: 9)),
        ["wanted equal"] = (new(4, 3, 2, 1, 0, Wanted: 9), new(5, 3, 1, 2, 0, Wanted: 9)),
        ["wanted larger"] = (new(4, 3, 2, 1, 0, Wanted: 14), new(5, 2, 2, 1, 0, Wanted: 11)),
        ["wanted larger on one axis"] = (new(4, 3, 2, 1, 0, Wanted: 12), new(5, 4, 2, 1, 0, Wanted: 7)),
    };

    public static TheoryData<string, string> Cases => new(
    [
        ("even and odd padding", "SAME_UPPER"), ("even and odd padding", "SAME_LOWER"), ("even and odd padding", "VALID"),
        ("dilated", "SAME_UPPER"), ("dilated", "SAME_LOWER"),
        ("output padding", "SAME_UPPER"), ("output padding", "VALID"), ("kernel smaller than stride", "SAME_LOWER"),
        ("wanted smaller", "NOTSET"), ("wanted smaller", "SAME_UPPER"), ("wanted equal", "NOTSET"),
        ("wanted larger", "NOTSET"), ("wanted larger", "SAME_UPPER"), ("wanted larger on one axis", "NOTSET"),
    ]);

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_PaddingByRule_EqualsFormula(string layer, string mode)
    {
        (Axis rows, Axis columns) = Layers[layer];
        NpyArray input = NpyArray.Random(Seed, rows.Input, columns.Input);
        NpyArray kernel = NpyArray.Random(Seed + 1, 1, 1, rows.Kernel, columns.Kernel);
        folder.Write("x.npy", input);
        folder.Write("w.npy", kernel);
        string wanted = rows.Wanted is null ? "" : $"--output-shape {rows.Wanted},{columns.Wanted}";
        await folder.SucceedAsync(
            $"run x.npy y.npy --weights w.npy --strides {rows.Stride},{columns.Stride} --dilations {rows.Dilation},{columns.Dilation} "
            + $"--output-padding {rows.OutputPadding},{columns.OutputPadding} --auto-pad {mode} {wanted} --tile 4");
        (long height, long top) = rows.Pad(mode);
        (long width, long left) = columns.Pad(mode);
        NpyArray actual = folder.Read("y.npy");
        Assert.Equal([height, width], actual.Shape);
        double[] expected = ConvTransposeOracle.Compute(
            input, kernel, [rows.Stride, columns.Stride], [rows.Dilation, columns.Dilation], [top, left], [height, width]);
        FloatAssert.Within(1e-5, expected, actual.Floats);
    }
}
