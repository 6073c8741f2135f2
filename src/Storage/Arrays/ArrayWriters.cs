using Upweave.Storage.Stores;

namespace Upweave.Storage.Arrays;

/// <summary>Makes the writer of an output.</summary>
public static class ArrayWriters
{
    /// <summary>The writer for a layout in its store.</summary>
    public static IArrayWriter Create(IObjectStore store, OutputLayout layout) => throw new NotSupportedException();

    /// <summary>The object whose existence makes the output visible: the file itself, or the tree's metadata.</summary>
    public static string PublishingPath(OutputFormat format, string path) =>
        format == OutputFormat.Zarr ? path + "/zarr.json" : path;
}
