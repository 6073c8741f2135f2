using System.Globalization;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Pins an array of many objects: the hash of its metadata (<see cref="ZarrMetadataObjects.TakeHash"/>), and a time, by the clock of its
/// store, after which no chunk may have been written. A chunk that is removed later reads as missing; nothing tells that from one that
/// never was. Where a store's times are whole seconds, a chunk written in the very second of planning passes too: nothing tells whether
/// that was before or after.
/// </summary>
internal sealed record ZarrIdentity(string MetadataHash, DateTimeOffset PlannedAt)
{
    /// <summary>Null when the text is no identity of a zarr array.</summary>
    public static ZarrIdentity? Parse(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            && ticks <= DateTime.MaxValue.Ticks
            ? new ZarrIdentity(parts[0], new DateTimeOffset(ticks, TimeSpan.Zero))
            : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{MetadataHash}:{PlannedAt.UtcTicks}");
}
