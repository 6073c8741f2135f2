using System.Globalization;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Pictures;

/// <summary>Pins a single object by ETag and length. Written as <c>length:etag</c>.</summary>
internal readonly record struct PictureIdentity(string ETag, long Length)
{
    public static PictureIdentity Of(ObjectInfo info) => new(info.ETag, info.Length);

    /// <exception cref="FormatException">The text was not made by <see cref="ToString"/>.</exception>
    public static PictureIdentity Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? new PictureIdentity(text[(colon + 1)..], length)
            : throw new FormatException($"'{text}' does not identify a picture; expected length:etag.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Length}:{ETag}");
}
