namespace Upweave.Storage.Pictures;

/// <summary>The formats of pictures that can be read.</summary>
internal enum PictureKind
{
    Png,
    Jpeg,
    Tiff,
    Webp,
}

/// <summary>Tells formats apart by their first bytes.</summary>
internal static class PictureKinds
{
    /// <summary>Bytes that <see cref="Of"/> looks at.</summary>
    public const int SignatureBytes = 12;

    /// <summary>
    /// The format of an object that starts with these bytes; null when it is none of ours. libvips could guess as well,
    /// but would try every decoder it has; a stranger's file shall reach only these four.
    /// </summary>
    public static PictureKind? Of(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return PictureKind.Png;
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return PictureKind.Jpeg;
        if (IsTiff(start))
            return PictureKind.Tiff;
        return start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8) ? PictureKind.Webp : null;
    }

    public static string Name(this PictureKind kind) => kind.ToString().ToLowerInvariant();

    // 42 for classic files, 43 for BigTIFF, in the order of bytes that the first two letters name.
    private static bool IsTiff(ReadOnlySpan<byte> start) =>
        start.StartsWith("II*\0"u8) || start.StartsWith("II+\0"u8) || start.StartsWith("MM\0*"u8) || start.StartsWith("MM\0+"u8);
}
