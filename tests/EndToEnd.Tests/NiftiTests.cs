using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>NIfTI in and out, by the command line alone.</summary>
public sealed class NiftiTests : IDisposable
{
    private static readonly string Data = Path.Combine(AppContext.BaseDirectory, "data", "nifti");

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v1_u8_scaled.nii")]
    [InlineData("v2_big_u32_all.nii")]
    [InlineData("v1_u8_scaled.nii.gz")]
    [InlineData("v2_big_i16_all.nii.gz")]
    public async Task Copy_ToNpyAndZarrAndBack_KeepsWhatNibabelReads(string name)
    {
        NpyArray expected = NpyFile.Read(Path.Combine(Data, name + ".npy"));
        await folder.SucceedAsync($"copy {Path.Combine(Data, name)} a.npy");
        await folder.SucceedAsync($"copy {Path.Combine(Data, name)} b.zarr");
        await folder.SucceedAsync("copy b.zarr c.nii");
        await folder.SucceedAsync("copy c.nii d.npy");
        foreach (string copy in new[] { "a.npy", "d.npy" })
        {
            NpyArray actual = folder.Read(copy);
            Assert.Equal((expected.Descr, expected.Sha256), (actual.Descr, actual.Sha256));
            Assert.Equal(expected.Shape, actual.Shape);
        }
    }

    [Theory]
    [InlineData("v1_u8_scaled.nii")]
    [InlineData("v1_u8_scaled.nii.gz")]
    public async Task Copy_ToItsOwnFormat_IsByteForByte(string name)
    {
        string source = Path.Combine(Data, name);
        string copy = "copy" + name[name.IndexOf('.', StringComparison.Ordinal)..];
        await folder.SucceedAsync($"copy {source} {copy}");
        Assert.Equal(File.ReadAllBytes(source), File.ReadAllBytes(folder.At(copy)));
    }

    [Fact]
    public async Task Run_CompressedToNifti_IsThePlainResultInItsPlace()
    {
        string source = Path.Combine(Data, "v1_u8_scaled.nii.gz");
        await folder.SucceedAsync($"copy {source} x.npy");
        await folder.SucceedAsync("run x.npy y.npy --preset linear --scale 2,2,2");
        await folder.SucceedAsync($"run {source} y.nii --preset linear --scale 2");
        byte[] file = File.ReadAllBytes(folder.At("y.nii"));
        int offset = (int)BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(108));
        Assert.Equal(folder.Read("y.npy").Bytes, file[offset..]);

        // x = 2 i + 0.25 j - 5, and the output's first element is a quarter before the input's.
        Assert.Equal([1, 0.125f, 0, -5.5625f], Enumerable.Range(0, 4).Select(cell => BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(280 + (4 * cell)))));
        Assert.Equal((4, 2), (BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(254)), file[123])); // MNI, millimeters
        string comment = Encoding.UTF8.GetString(file.AsSpan(360, offset - 360)).TrimEnd('\0');
        JsonElement inside = JsonDocument.Parse(comment).RootElement;
        Assert.Equal(source, inside.GetProperty("specification").GetProperty("input").GetString());
        JsonElement beside = JsonDocument.Parse(File.ReadAllBytes(folder.At("y.npy.upweave.json"))).RootElement;
        Assert.Equal("x.npy", beside.GetProperty("specification").GetProperty("input").GetString());
        Assert.Equal(["x.npy", "y.nii", "y.npy", "y.npy.upweave.json"], folder.Entries);

        await folder.SucceedAsync("copy x.npy y.npy --overwrite");
        Assert.Equal(["x.npy", "y.nii", "y.npy"], folder.Entries);
    }

    [Fact]
    public async Task Inspect_ScaledBigEndian_SaysSo()
    {
        JsonElement described = (await folder.SucceedAsync($"inspect {Path.Combine(Data, "v2_i32_scaled_all.nii")} --json")).Json;
        Assert.Equal(("nifti-2", "nczyx", "float64"), (Text("format"), Text("axes"), Text("dtype")));
        Assert.Contains("int32 scaled by -0.125 + 3", described.GetProperty("codecs").EnumerateArray().Select(codec => codec.GetString()));
        string? Text(string name) => described.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Copy_ToCompressed_SaysWhatToDoInstead()
    {
        UpweaveResult result = await folder.RunAsync($"copy {Path.Combine(Data, "v2_i64.nii")} x.nii.gz");
        result.AssertExitCode(2);
        Assert.Contains("write .nii", result.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Entries);
    }
}
