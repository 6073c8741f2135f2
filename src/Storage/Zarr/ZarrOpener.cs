using System.Text.Json;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Finds out what kind of zarr lies in a folder: an array of version 3 or 2, or a group that is an OME-Zarr image, which stands for its
/// highest resolution.
/// </summary>
internal sealed class ZarrOpener : IDisposable
{
    private readonly IObjectStore store;
    private readonly string reference;
    private readonly ZarrMetadataObjects objects;
    private readonly CancellationToken cancellationToken;

    private ZarrOpener(IObjectStore store, string reference, CancellationToken cancellationToken)
    {
        this.store = store;
        this.reference = reference;
        this.cancellationToken = cancellationToken;
        objects = new ZarrMetadataObjects(store);
    }

    /// <param name="reference">Names the array in messages.</param>
    /// <param name="pinned">See <see cref="ArrayReaders"/>.</param>
    /// <returns>Null when there is no zarr.</returns>
    /// <exception cref="InvalidArrayException">There is one that is malformed or not supported.</exception>
    /// <exception cref="ObjectChangedException">Its metadata is not what was pinned.</exception>
    public static async ValueTask<ZarrReader?> TryOpenAsync(
        IObjectStore store, string path, string reference, string? pinned, CancellationToken cancellationToken)
    {
        using ZarrOpener opener = new(store, reference, cancellationToken);
        return await opener.TryOpenAsync(path, pinned);
    }

    public void Dispose() => objects.Dispose();

    private async ValueTask<ZarrReader?> TryOpenAsync(string path, string? pinned)
    {
        OmeImage? image = null;
        (ZarrArray? array, JsonElement? group) = await LookAsync(path, reference);
        if (group is { } attributes)
        {
            image = OmeReader.Read(attributes, reference);
            path = $"{path}/{image.Levels[0]}";
            string level = $"{reference}/{image.Levels[0]}";
            (array, _) = await LookAsync(path, level);
            if (array is null)
                throw OmeReader.Fault(reference, $"has no array '{level}', which should be its highest resolution");
        }

        if (array is null)
            return null;
        string hash = objects.TakeHash();
        ZarrIdentity? identity = pinned is null ? new ZarrIdentity(hash, objects.Time!.Value) : ZarrIdentity.Parse(pinned);
        if (identity?.MetadataHash != hash)
            throw new ObjectChangedException($"The metadata of '{reference}' has been changed since the job was planned.");
        return new ZarrReader(store, path, array, image?.Describe(array) ?? array.Describe(), identity, keepsChunks: true);
    }

    /// <summary>An array, or the attributes of a group, which are undefined where it has none; neither where there is no zarr.</summary>
    private async ValueTask<(ZarrArray? Array, JsonElement? Group)> LookAsync(string path, string name)
    {
        if (await ReadAsync(path, ZarrMetadata.Key) is { } metadata)
        {
            return ZarrJson.Text(ZarrJson.Member(metadata, "node_type")) == "group"
                ? (null, ZarrJson.Member(metadata, "attributes") ?? default(JsonElement))
                : (ZarrMetadataReader.Parse(metadata, name), null);
        }

        JsonElement? older = await ReadAsync(path, ".zarray");
        JsonElement? group = older is null ? await ReadAsync(path, ".zgroup") : null;
        JsonElement? attributes = await ReadAsync(path, ".zattrs");
        if (older is { } array)
            return (ZarrV2Reader.Parse(array, attributes, name), null);
        return (null, attributes ?? (group is null ? null : default(JsonElement)));
    }

    private ValueTask<JsonElement?> ReadAsync(string path, string key) => objects.ReadAsync($"{path}/{key}", cancellationToken);
}
