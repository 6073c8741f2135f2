using System.Text.Json;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Opens a resolution of an output that is not published. What the next lower one is made from must be readable, and nobody may take it for
/// an array as long as the output is not complete: so its metadata are made here, as they will be written, and not read.
/// </summary>
internal static class ZarrLevel
{
    public static async ValueTask<ZarrReader> OpenAsync(IObjectStore store, OutputLayout layout, CancellationToken cancellationToken)
    {
        string parts = store.StageTree(layout.Path, layout.Owner, ZarrDocuments.PublishingKey(layout.Format)).PartsPath;
        string path = $"{parts}/{layout.Level}";
        JsonElement metadata = JsonSerializer.SerializeToElement(ZarrDocuments.Array(layout));
        ZarrArray array = ZarrDocuments.IsV2(layout.Format)
            ? ZarrV2Reader.Parse(metadata, attributes: null, path)
            : ZarrMetadataReader.Parse(metadata, path);
        ZarrIdentity identity = new(MetadataHash: "", await store.GetTimeAsync(cancellationToken));
        return new ZarrReader(store, path, array, array.Describe(), identity, keepsChunks: false);
    }
}
