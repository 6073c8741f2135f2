using Upweave.Storage.Nifti;
using Upweave.Storage.Stores;
using Upweave.Storage.Tiff;
using Upweave.Storage.Zarr;

namespace Upweave.Storage.Arrays;

/// <summary>Makes the writer of an output.</summary>
public static class ArrayWriters
{
    /// <summary>Parts of a tile that are stored at the same time: each waits for the store, not for a core.</summary>
    internal const int PartsAtOnce = 8;

    /// <summary>The writer for a layout in its store.</summary>
    /// <exception cref="ArgumentException">The layout's tiles do not fit its format.</exception>
    public static IArrayWriter Create(IObjectStore store, OutputLayout layout) => layout.Format switch
    {
        OutputFormat.Npy => new ProvenanceWriter(
            new LinearWriter(store.StageFile(layout.Path, layout.Owner), layout, LinearFormat.Npy(layout)),
            new ProvenanceFile(store, layout.Path, layout.Provenance)),
        OutputFormat.Nifti => new LinearWriter(store.StageFile(layout.Path, layout.Owner), layout, NiftiOutput.Format(layout)),
        OutputFormat.Zarr or OutputFormat.OmeZarr or OutputFormat.ZarrV2 or OutputFormat.OmeZarrV2 => new ZarrWriter(
            store.StageTree(layout.Path, layout.Owner, ZarrDocuments.PublishingKey(layout.Format)), layout),
        OutputFormat.Tiff or OutputFormat.OmeTiff => new TiffWriter(store.StageFile(layout.Path, layout.Owner), layout),
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout.Format, null),
    };

    /// <summary>A file of one run of elements behind a header: tiles are ranges of rows.</summary>
    public static bool IsLinear(OutputFormat format) => format is OutputFormat.Npy or OutputFormat.Nifti;

    /// <summary>The most bytes that <see cref="IArrayWriter.Encode"/> takes beside the elements, until the tile is disposed.</summary>
    public static long EncodedBytesMax(OutputLayout layout) => layout.Format switch
    {
        OutputFormat.Npy or OutputFormat.Nifti => 0,
        OutputFormat.Tiff or OutputFormat.OmeTiff => TiffWriter.EncodedBytesMax(layout),
        _ => ZarrWriter.EncodedBytesMax(layout),
    };

    /// <summary>The object whose existence makes the output visible: the file itself, or the tree's metadata.</summary>
    public static string PublishingPath(OutputFormat format, string path) => format switch
    {
        OutputFormat.Npy or OutputFormat.Nifti => path,
        OutputFormat.Tiff or OutputFormat.OmeTiff => path,
        _ => $"{path}/{ZarrDocuments.PublishingKey(format)}",
    };
}
