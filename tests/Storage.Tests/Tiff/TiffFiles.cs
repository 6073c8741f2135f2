using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>The files of tests/data/tiff: pictures made by other software, each with what another reader says that it holds.</summary>
internal static class TiffFiles
{
    public static string Folder => TestFolder.Data("tiff");

    public static string Path(string name) => System.IO.Path.Combine(Folder, name + ".tif");

    /// <summary>All that have an answer beside them.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.npy").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order();

    public static async Task<Sample> ExpectedAsync(string name)
    {
        await using IArrayReader npy = await Sample.OpenAsync(System.IO.Path.Combine(Folder, name + ".npy"));
        return new Sample(npy.Info.Shape, npy.Info.Type, await Sample.ReadAsync(npy, Box.Whole(npy.Info.Shape)));
    }
}
