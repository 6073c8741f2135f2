using System.Text.Json;

namespace Upweave.Interop.Tests;

/// <summary>NIfTI as nibabel reads it.</summary>
public sealed class NiftiTests : IDisposable
{
    /// <summary>The first axis is stored fastest; a batch is time, and channels are the fifth.</summary>
    private const string Order = "xyznc";

    private static readonly string Data = Path.Combine(AppContext.BaseDirectory, "data", "nifti");

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Copy_EveryType_IsWhatNibabelReads()
    {
        (string Name, string Descr)[] types = [.. ElementKinds.Without("bool", "float16")];
        foreach ((string name, string descr) in types)
        {
            folder.Write("x.npy", ElementKinds.Noise(descr, 20, 5, 7));
            await folder.SucceedAsync($"copy x.npy {name}.nii");
        }

        IReadOnlyList<Reading> readings = await Readers.PythonAsync(
            folder, [.. types.Select(type => new ReadRequest($"{type.Name}.nii", "nifti"))]);
        foreach (((_, string descr), Reading reading) in types.Zip(readings))
        {
            reading.AssertIs(ElementKinds.Noise(descr, 20, 5, 7).Reorder("zyx", "xyz"));
            Assert.Equal(("Nifti1Image", descr), (reading.Text("version"), reading.Text("stored")));
        }
    }

    [Theory]
    [InlineData("grey")]
    [InlineData("five")]
    [InlineData("volume")]
    [InlineData("volumes")]
    [InlineData("batch")]
    [InlineData("all")]
    public async Task Run_Tiles_AreWhatNibabelReads(string name)
    {
        Job job = Job.Named(name);
        NpyArray result = await job.ExpectedAsync();
        await job.RunAsync(folder, "y.nii", job.RowTiling);
        Reading reading = Assert.Single(await Readers.PythonAsync(folder, new ReadRequest("y.nii", "nifti")));
        NpyArray expected = result.Reorder(job.Axes, Order);
        int rank = expected.Shape.ToList().FindLastIndex(extent => extent > 1) + 1;
        reading.AssertIs(expected with { Shape = expected.Shape[..rank] });
        string comment = Assert.Single(reading.Texts("comments"))!.TrimEnd('\0');
        Assert.Equal("y.nii", JsonElement.Parse(comment).GetProperty("specification").GetProperty("output").GetString());
    }

    /// <summary>Linear of factor 2 has 4 taps and pads by 1: an output's first element is a quarter before the input's.</summary>
    [Theory]
    [InlineData("v1_u8_scaled.nii", 3)]
    [InlineData("v1_u16_time.nii", 3)]
    [InlineData("v1_big_f32_channels.nii", 3)]
    [InlineData("v1_f64_plane.nii", 2)]
    [InlineData("v2_i32_scaled_all.nii", 3)]
    public async Task Run_Placed_HasTheAffineOfTheFormula(string name, int spatial)
    {
        JsonElement source = JsonElement.Parse(File.ReadAllText(Path.Combine(Data, "cases.json"))).GetProperty(name);
        double[][] before = [.. source.GetProperty("affine").EnumerateArray().Select(
            row => row.EnumerateArray().Select(cell => cell.GetDouble()).ToArray())];
        File.Copy(Path.Combine(Data, name), folder.At("x.nii"));
        string scale = string.Join(',', Enumerable.Repeat(2, spatial));
        await folder.SucceedAsync($"run x.nii y.nii --preset linear --scale {scale}");
        await folder.SucceedAsync($"run x.nii y.npy --preset linear --scale {scale}");

        Reading reading = Assert.Single(await Readers.PythonAsync(folder, new ReadRequest("y.nii", "nifti")));
        reading.AssertElements(folder.Read("y.npy").Reorder(source.GetProperty("axes").GetString()!, Order).Bytes);
        const double offset = (1 - (3 / 2.0)) / 2;
        double[][] after = [.. reading["affine"].EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetDouble()).ToArray())];
        for (int row = 0; row < spatial; row++)
        {
            for (int column = 0; column < spatial; column++)
                Assert.Equal(before[row][column] / 2, after[row][column]);
            Assert.Equal(before[row][3] + before[row][..spatial].Sum(step => step * offset), after[row][3]);
        }

        Assert.Equal([0, 0, 0, 1], after[3]);
        Assert.Equal(Math.Max(2, source.GetProperty("code").GetInt32()), reading["sform"].GetInt32());
        Assert.Equal(source.GetProperty("unit").GetString(), reading.Text("units"));
    }
}
