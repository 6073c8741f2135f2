using System.Globalization;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Pictures;

/// <summary>
/// Pins a single object by ETag and length. Written as <c>etag:length</c>, as for other arrays in one object.
/// </summary>
internal readonly record struct PictureIdentity(string ETag, long Length)
{
    public static PictureIdentity Of(ObjectInfo info) => new(info.ETag, info.Length);

    /// <exception cref="FormatException">The text was not made by <see cref="ToString"/>.</exception>
    public static PictureIdentity Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        return long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            && colon > 0
            ? new PictureIdentity(text[..colon], length)
            : throw new FormatException($"'{text}' does not identify a picture; expected etag:length.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ETag}:{Length}");
}
