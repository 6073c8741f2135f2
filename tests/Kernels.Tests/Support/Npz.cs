using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Upweave.Kernels.Tests.Support;

/// <summary>Reads the float32 members of a test's .npz (npy version 1.0, little-endian, C order).</summary>
internal static class Npz
{
    private const int PreambleBytes = 10;

    public static float[] Read(string path, string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        ZipArchiveEntry entry = archive.GetEntry(name + ".npy") ?? throw new InvalidDataException($"{path} has no member {name}.");
        using MemoryStream content = new();
        using (Stream stream = entry.Open())
            stream.CopyTo(content);
        ReadOnlySpan<byte> bytes = content.ToArray();
        int headerBytes = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        string header = Encoding.ASCII.GetString(bytes.Slice(PreambleBytes, headerBytes));
        if (!header.Contains("'<f4'", StringComparison.Ordinal) || !header.Contains("False", StringComparison.Ordinal))
            throw new InvalidDataException($"{path}, {name}: expected little-endian float32 in C order, found {header}.");
        return MemoryMarshal.Cast<byte, float>(bytes[(PreambleBytes + headerBytes)..]).ToArray();
    }
}
