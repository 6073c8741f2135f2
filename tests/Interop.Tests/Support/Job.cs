using System.Collections.Concurrent;

namespace Upweave.Interop.Tests.Support;

/// <summary>A job of several tiles, the last of each axis shorter, for every format.</summary>
/// <param name="Axes">Of the input, and so of the output.</param>
/// <param name="Preset">Options of <c>run</c> that say what is computed.</param>
public sealed record Job(string Name, string Descr, string Axes, long[] Shape, string Preset)
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<NpyArray>>> Expected = new();

    public static IReadOnlyList<Job> All { get; } =
    [
        new("grey", "|u1", "yx", [37, 53], "--preset linear --scale 2,2"),
        new("rgb", "|u1", "cyx", [3, 37, 53], "--preset bicubic --scale 2,2"),
        new("rgba", "<u2", "cyx", [4, 29, 43], "--preset linear --scale 2,3"),
        new("five", "<f4", "cyx", [5, 27, 35], "--preset lanczos3 --scale 3,2"),
        new("twenty", "<i2", "cyx", [20, 19, 35], "--preset linear --scale 2,2"),
        new("volume", "<u2", "zyx", [7, 19, 25], "--preset linear --scale 2,2,2"),
        new("volumes", "<f4", "czyx", [3, 5, 19, 18], "--preset linear --scale 1,2,2"),
        new("batch", "<f4", "ncyx", [2, 3, 21, 25], "--preset linear --scale 2,2"),
        new("all", "|u1", "nczyx", [2, 2, 3, 21, 25], "--preset linear --scale 2,2,2"),
    ];

    public static Job Named(string name) => All.Single(job => job.Name == name);

    public bool IsVolume => Axes.EndsWith("zyx", StringComparison.Ordinal);

    /// <summary>Tiles of several chunks, and several of them.</summary>
    public string Tiling => IsVolume ? "--tile 4,32,32 --format chunk=2x16x16" : "--tile 32,32 --format chunk=16x16";

    /// <summary>The same for TIFF, whose tiles are of planes.</summary>
    public string TiffTiling => IsVolume ? "--tile 4,32,32 --format chunk=16x16" : Tiling;

    /// <summary>Ranges of rows, for .npy and .nii.</summary>
    public string RowTiling => IsVolume ? "--tile 2,64,128" : "--tile 8,128";

    /// <summary>What every format must hold: the job's result as .npy, of one tile. Computed once.</summary>
    public Task<NpyArray> ExpectedAsync() => Expected.GetOrAdd(Name, _ => new Lazy<Task<NpyArray>>(ComputeAsync)).Value;

    /// <summary>Writes the output in another format, in several tiles.</summary>
    public async Task RunAsync(TestFolder folder, string output, string options)
    {
        folder.Write("x.npy", ElementKinds.Numbers(Descr, Shape));
        UpweaveResult result = await folder.SucceedAsync($"run x.npy {output} {Preset} {options} --json");
        Assert.InRange(result.Json.GetProperty("summary").GetProperty("tile_count").GetInt64(), 3, 1000);
    }

    private async Task<NpyArray> ComputeAsync()
    {
        using TestFolder folder = new();
        folder.Write("x.npy", ElementKinds.Numbers(Descr, Shape));
        await folder.SucceedAsync($"run x.npy y.npy {Preset}");
        return folder.Read("y.npy");
    }
}
