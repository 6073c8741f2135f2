using System.Text.Json;

namespace Upweave.Interop.Tests.Support;

/// <summary>An OME-Zarr 0.5 of one chunk, written by hand: elements with a place in the world.</summary>
/// <param name="Axes">A channel axis, or none, before two or three axes of space.</param>
/// <param name="Scale">Per axis; micrometers in space.</param>
/// <param name="Translation">Per axis.</param>
public sealed record OmeInput(string Axes, NpyArray Array, double[] Scale, double[] Translation)
{
    public void Write(TestFolder folder, string path)
    {
        string chunk = folder.At($"{path}/0/c/{string.Join('/', Axes.Select(_ => '0'))}");
        Directory.CreateDirectory(Path.GetDirectoryName(chunk)!);
        File.WriteAllBytes(chunk, Array.Bytes);
        Write(folder.At($"{path}/0/zarr.json"), new
        {
            zarr_format = 3,
            node_type = "array",
            shape = Array.Shape,
            data_type = ElementKinds.All.Single(type => type.Descr == Array.Descr).Name,
            chunk_grid = new { name = "regular", configuration = new { chunk_shape = Array.Shape } },
            chunk_key_encoding = new { name = "default", configuration = new { separator = "/" } },
            fill_value = 0,
            codecs = new[] { new { name = "bytes", configuration = new { endian = "little" } } },
            attributes = new { },
        });
        object[] transformations = [new { type = "scale", scale = Scale }, new { type = "translation", translation = Translation }];
        object[] datasets = [new { path = "0", coordinateTransformations = transformations }];
        object multiscale = new { name = "x", axes = Axes.Select(Axis), datasets };
        object ome = new { version = "0.5", multiscales = new[] { multiscale } };
        Write(folder.At($"{path}/zarr.json"), new { zarr_format = 3, node_type = "group", attributes = new { ome } });
    }

    private static object Axis(char letter) => letter == 'c'
        ? new { name = "c", type = "channel" }
        : new { name = letter.ToString(), type = "space", unit = "micrometer" };

    private static void Write(string path, object document) => File.WriteAllText(path, JsonSerializer.Serialize(document));
}
