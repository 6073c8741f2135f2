using System.Text.Json;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>
/// Whole jobs on a device: the first that OpenCL offers, which is PoCL where there is no graphics processor. The elements have the
/// processor's bits.
/// </summary>
public sealed class DeviceTests : IDisposable
{
    private const ulong Seed = 2611;
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("npy")]
    [InlineData("zarr")]
    [InlineData("png")]
    public async Task Run_PictureWithAPreset_HasTheProcessorsBits(string format)
    {
        folder.Write("x.npy", NpyArray.RandomBytes(Seed, 3, 150, 170));
        await folder.SucceedAsync("copy x.npy photo.png");
        await CompareAsync("photo.png", format, "--preset bicubic --scale 2 --tile 100");
    }

    [Theory]
    [InlineData("npy")]
    [InlineData("zarr")]
    public async Task Run_LayerWithBiasAndActivation_HasTheProcessorsBits(string format)
    {
        folder.Write("x.npy", NpyArray.Random(Seed, 24, 40, 50));
        folder.Write("w.npy", NpyArray.Random(Seed + 1, 24, 16, 4, 4));
        folder.Write("b.npy", NpyArray.Random(Seed + 2, 16));
        await CompareAsync("x.npy", format, "--weights w.npy --bias b.npy --strides 2 --pads 1 --activation sigmoid --tile 32");
    }

    [Fact]
    public async Task Run_VolumeInGroups_HasTheProcessorsBits()
    {
        folder.Write("x.npy", NpyArray.Random(Seed, 4, 9, 20, 30));
        folder.Write("w.npy", NpyArray.Random(Seed + 1, 4, 3, 3, 4, 3));
        await CompareAsync(
            "x.npy", "npy", "--weights w.npy --strides 2,3,2 --pads 1 --group 2 --dilations 1,2,1 --activation leaky_relu:0.1 --dtype uint8");
    }

    /// <summary>
    /// By the rounding that is allowed: each factor is off by 2^-11 or 2^-8 of itself at most, so a product by little more than twice that, and
    /// each addition by 2^-23 of a sum. There are 24 channels of 4 taps whose products are below 1.
    /// </summary>
    [Theory]
    [InlineData("tf32", 11)]
    [InlineData("fp16", 11)]
    [InlineData("bf16", 8)]
    public async Task Run_InTheFastMode_IsWithinItsRoundingAndRecorded(string precision, int significandBits)
    {
        const int terms = 24 * 4;
        folder.Write("x.npy", NpyArray.Random(Seed, 24, 40, 50));
        folder.Write("w.npy", NpyArray.Random(Seed + 1, 24, 16, 4, 4));
        await folder.SucceedAsync("run x.npy exact.npy --weights w.npy --strides 2 --pads 1 --algorithm direct --device cpu");
        await folder.SucceedAsync($"run x.npy fast.npy --weights w.npy --strides 2 --pads 1 --precision {precision} --device gpu:0");
        Assert.Contains($"\"precision\": \"{precision}\"", File.ReadAllText(folder.At("fast.npy.upweave.json")), StringComparison.Ordinal);
        Assert.Contains("\"precision\": \"exact\"", File.ReadAllText(folder.At("exact.npy.upweave.json")), StringComparison.Ordinal);
        float[] exact = [.. folder.Read("exact.npy").Floats];
        float[] fast = [.. folder.Read("fast.npy").Floats];
        double u = Math.Pow(2, -significandBits);
        double bound = terms * ((2 * u) + (u * u) + (2 * terms * Math.Pow(2, -23)));
        Assert.Equal(exact.Length, fast.Length);
        for (int index = 0; index < exact.Length; index++)
            Assert.InRange(fast[index], exact[index] - bound, exact[index] + bound);
    }

    [Fact]
    public async Task Devices_Listed_HaveANumberANameAndATestedArithmetic()
    {
        JsonElement devices = (await folder.SucceedAsync("devices --json")).Json.GetProperty("devices");
        Assert.NotEqual(0, devices.GetArrayLength());
        int index = 0;
        foreach (JsonElement device in devices.EnumerateArray())
        {
            Assert.Equal($"gpu:{index++}", device.GetProperty("device").GetString());
            Assert.NotEmpty(device.GetProperty("name").GetString()!);
            Assert.NotEmpty(device.GetProperty("driver").GetString()!);
            Assert.InRange(device.GetProperty("memory_bytes").GetInt64(), 1 << 20, long.MaxValue);
            Assert.InRange(device.GetProperty("compute_units").GetInt32(), 1, int.MaxValue);
            Assert.True(device.GetProperty("is_exact").GetBoolean());
        }

        string text = (await folder.SucceedAsync("devices")).Output;
        Assert.Contains(devices[0].GetProperty("name").GetString()!, text, StringComparison.Ordinal);
        Assert.Contains("exact: has the processor's bits", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoSuchDevice_IsRefusedAndNamesThoseThatThereAre()
    {
        folder.Write("x.npy", NpyArray.RandomBytes(Seed, 1, 8, 8));
        UpweaveResult result = await folder.RunAsync("run x.npy y.npy --preset nearest --scale 2,2 --device gpu:99");
        result.AssertExitCode(2);
        Assert.Contains("There is no device gpu:99. OpenCL offers gpu:0 ", result.Error, StringComparison.Ordinal);
        Assert.Equal(["x.npy"], folder.Entries);
    }

    /// <summary>An empty folder of drivers: the library is there and offers nothing.</summary>
    [Fact]
    public async Task Run_WithoutADriver_ComputesOnTheProcessorUnlessADeviceIsNamed()
    {
        folder.Write("x.npy", NpyArray.RandomBytes(Seed, 1, 8, 8));
        Directory.CreateDirectory(folder.At("none"));
        (await WithoutDriversAsync("run x.npy y.npy --preset nearest --scale 2,2")).AssertSuccess();
        UpweaveResult named = await WithoutDriversAsync("run x.npy z.npy --preset nearest --scale 2,2 --device gpu");
        named.AssertExitCode(2);
        Assert.Contains("There is no device gpu. OpenCL offers none here. hint: ", named.Error, StringComparison.Ordinal);
        UpweaveResult devices = await WithoutDriversAsync("devices --json");
        devices.AssertSuccess();
        Assert.Equal(0, devices.Json.GetProperty("devices").GetArrayLength());
    }

    private Task<UpweaveResult> WithoutDriversAsync(string commandLine) => UpweaveProcess.RunAsync(
        folder.Root, commandLine, new Dictionary<string, string> { ["OCL_ICD_VENDORS"] = folder.At("none") });

    private async Task CompareAsync(string input, string format, string options)
    {
        await folder.SucceedAsync($"run {input} cpu.{format} {options} --device cpu");
        string report = (await folder.SucceedAsync($"run {input} gpu.{format} {options} --device gpu:0")).Output;
        Assert.Matches(@"\n +device +\S", report);
        Assert.Equal(await folder.HashAsync($"cpu.{format}"), await folder.HashAsync($"gpu.{format}"));
    }
}
