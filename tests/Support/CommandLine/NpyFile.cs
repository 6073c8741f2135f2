using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Upweave.Tests.CommandLine;

/// <summary>.npy files as numpy.lib.format documents them, independent of the program's own reader and writer.</summary>
internal static partial class NpyFile
{
    private const int PreambleBytes = 10;

    public static void Write(string path, NpyArray array) => File.WriteAllBytes(path, [.. Header(array), .. array.Bytes]);

    /// <summary>Version 1.0, the data aligned to 64 bytes.</summary>
    public static byte[] Header(NpyArray array)
    {
        string shape = string.Concat(array.Shape.Select(extent => string.Create(CultureInfo.InvariantCulture, $"{extent}, ")));
        string text = $"{{'descr': '{array.Descr}', 'fortran_order': {(array.IsFortran ? "True" : "False")}, 'shape': ({shape}), }}";
        text = text.PadRight((((text.Length + PreambleBytes) / 64 * 64) + 64) - PreambleBytes - 1) + "\n";
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(text)];
    }

    public static NpyArray Read(string path) => Parse(File.ReadAllBytes(path), path);

    /// <summary>A member of an .npz.</summary>
    public static NpyArray ReadMember(string path, string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        ZipArchiveEntry entry = archive.GetEntry(name + ".npy") ?? throw new InvalidDataException($"{path} has no member {name}.");
        using MemoryStream content = new();
        using (Stream stream = entry.Open())
            stream.CopyTo(content);
        return Parse(content.ToArray(), $"{path}#{name}");
    }

    private static NpyArray Parse(byte[] file, string name)
    {
        Assert.True(file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x93, .. "NUMPY"u8]), $"{name} is not an .npy file.");
        int lengthBytes = file[6] == 1 ? 2 : 4;
        int length = lengthBytes == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8))
            : BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        int start = 8 + lengthBytes + length;
        string header = Encoding.ASCII.GetString(file, 8 + lengthBytes, length);
        Match match = HeaderPattern().Match(header);
        Assert.True(match.Success, $"{name} has the header {header}");
        long[] shape =
        [
            .. match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(extent => long.Parse(extent, CultureInfo.InvariantCulture)),
        ];
        return new NpyArray(match.Groups["descr"].Value, shape, file[start..], match.Groups["order"].Value == "True");
    }

    [GeneratedRegex(@"'descr': '(?<descr>[^']+)', 'fortran_order': (?<order>True|False), 'shape': \((?<shape>[^)]*)\)")]
    private static partial Regex HeaderPattern();
}
