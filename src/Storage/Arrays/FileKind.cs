using Upweave.Storage.Nifti;
using Upweave.Storage.Npy;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Arrays;

/// <summary>What a single file is, as far as reading it goes.</summary>
internal enum FileKind
{
    Unknown,
    Npy,
    Zip,
    Picture,
    Tiff,
    SafeTensors,
    Onnx,
    Nifti,
    Gzip,
}

/// <summary>Tells files apart by their first bytes, and by their extension where these say nothing.</summary>
internal static class FileKinds
{
    private const int MagicBytesMax = NiftiHeaderReader.MagicBytesMax;

    private static readonly string[] PictureExtensions = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"];

    public static async ValueTask<FileKind> DetectAsync(
        IObjectStore store, ObjectInfo info, CancellationToken cancellationToken)
    {
        byte[] start = new byte[Math.Min(info.Length, MagicBytesMax)];
        await store.ReadAsync(info.Path, 0, start, info.ETag, cancellationToken);
        FileKind kind = FromMagic(start);
        return kind != FileKind.Unknown ? kind : FromExtension(info.Path);
    }

    /// <summary>Whether the file is an ONNX model, which has no magic bytes.</summary>
    public static bool IsOnnx(string path) => FromExtension(path) == FileKind.Onnx;

    private static FileKind FromMagic(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(NpyHeader.Magic))
            return FileKind.Npy;
        // The second is an archive without members.
        if (start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8))
            return FileKind.Zip;
        if (NiftiHeaderReader.IsNifti(start))
            return FileKind.Nifti;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return FileKind.Gzip;
        ReadOnlySpan<byte> png = [0x89, (byte)'P', (byte)'N', (byte)'G'];
        ReadOnlySpan<byte> jpeg = [0xFF, 0xD8, 0xFF];
        bool isTiff = start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8)
            || start.StartsWith("II+\0"u8) || start.StartsWith("MM\0+"u8);
        if (isTiff)
            return FileKind.Tiff;
        bool isWebp = start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("WEBP"u8);
        return start.StartsWith(png) || start.StartsWith(jpeg) || isWebp ? FileKind.Picture : FileKind.Unknown;
    }

    private static FileKind FromExtension(string path)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (PictureExtensions.Contains(extension))
            return FileKind.Picture;
        return extension switch
        {
            ".npy" => FileKind.Npy,
            ".npz" => FileKind.Zip,
            ".safetensors" => FileKind.SafeTensors,
            ".onnx" => FileKind.Onnx,
            ".nii" or ".hdr" or ".img" => FileKind.Nifti,
            _ => FileKind.Unknown,
        };
    }
}
