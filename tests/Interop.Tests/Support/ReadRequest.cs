using System.Text.Json.Serialization;

namespace Upweave.Interop.Tests.Support;

/// <summary>A file to read, for <c>tests/readers/read.py</c> and <c>read.mjs</c>.</summary>
/// <param name="Path">In the test's folder.</param>
/// <param name="Kind">zarr, tiff, nifti or npy; zarrita reads only zarr.</param>
/// <param name="Array">Path of the array inside a group, or number of a TIFF's level.</param>
public sealed record ReadRequest(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("kind")] string Kind = "zarr",
    [property: JsonPropertyName("array")] string? Array = null)
{
    /// <summary>Where the elements go: beside the file, by a name of its own.</summary>
    [JsonPropertyName("out")]
    public string Out => $"{Path}.{Array}.{Kind}.elements";
}
