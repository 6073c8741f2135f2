using System.Globalization;
using System.Security.Cryptography;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Pins an array of many objects: the SHA-256 of its metadata, and a time after which no chunk may have been written. A chunk
/// that is removed later reads as missing; nothing tells that from one that never was. Where a store's times are whole seconds, a
/// chunk written in the very second of planning passes too: nothing tells whether that was before or after.
/// </summary>
internal sealed record ZarrIdentity(string MetadataHash, DateTimeOffset PlannedAt)
{
    /// <param name="now">By the clock of the array's store.</param>
    public static ZarrIdentity Take(ReadOnlySpan<byte> metadata, DateTimeOffset now) => new(HashOf(metadata), now);

    /// <summary>Null when the text is no identity of a zarr array.</summary>
    public static ZarrIdentity? Parse(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            && ticks <= DateTime.MaxValue.Ticks
            ? new ZarrIdentity(parts[0], new DateTimeOffset(ticks, TimeSpan.Zero))
            : null;
    }

    public bool IsOf(ReadOnlySpan<byte> metadata) => HashOf(metadata) == MetadataHash;

    private static string HashOf(ReadOnlySpan<byte> metadata) => Convert.ToHexStringLower(SHA256.HashData(metadata));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{MetadataHash}:{PlannedAt.UtcTicks}");
}
