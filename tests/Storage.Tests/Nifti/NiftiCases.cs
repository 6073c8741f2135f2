using System.Text.Json;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tests.Nifti;

/// <summary>The files of tests/data/nifti, and what nibabel says of them.</summary>
internal static class NiftiCases
{
    private static readonly string[] Frames = ["", "scanner", "aligned", "talairach", "mni"];

    private static readonly Dictionary<string, string> Units = new()
    {
        ["mm"] = "millimeter", ["micron"] = "micrometer", ["meter"] = "meter",
    };

    private static readonly JsonElement All = JsonDocument.Parse(File.ReadAllBytes(PathOf("cases.json"))).RootElement;

    public static string[] Plain { get; } = [.. Names.Where(name => name.EndsWith(".nii", StringComparison.Ordinal))];

    public static string[] Compressed { get; } = [.. Names.Where(name => name.EndsWith(".gz", StringComparison.Ordinal))];

    private static IEnumerable<string> Names => All.EnumerateObject().Select(entry => entry.Name);

    public static string PathOf(string name) => TestFolder.Data($"nifti/{name}");

    /// <summary>Shape, type, axes and place are nibabel's.</summary>
    public static async Task CheckAsync(string name, ArrayInfo info)
    {
        JsonElement expected = All.GetProperty(name);
        await using IArrayReader elements = await Sample.OpenAsync(PathOf(name + ".npy"));
        string axes = expected.GetProperty("axes").GetString()!;
        Assert.Equal((elements.Info.Shape, elements.Info.Type, axes), (info.Shape, info.Type, info.Axes));
        ArraySpace space = info.Space!;
        Assert.Equal(string.Concat(axes.Where("zyx".Contains)), space.Axes);
        double[][] affine = [.. expected.GetProperty("affine").EnumerateArray().Select(Numbers)];
        for (int row = 0; row < space.Axes.Length; row++)
        {
            double[] world = affine["xyz".IndexOf(space.Axes[row])];
            for (int column = 0; column < space.Axes.Length; column++)
            {
                Assert.Equal(world["xyz".IndexOf(space.Axes[column])], space.Affine[row][column], 1e-12);
            }

            Assert.Equal(world[3], space.Affine[row][^1], 1e-12);
        }

        string? unit = Units.GetValueOrDefault(expected.GetProperty("unit").GetString()!);
        Assert.All(space.Units, actual => Assert.Equal(unit, actual));
        Assert.Equal(Frames[expected.GetProperty("code").GetInt32()], space.Frame ?? "");
    }

    private static double[] Numbers(JsonElement row) => [.. row.EnumerateArray().Select(cell => cell.GetDouble())];
}
