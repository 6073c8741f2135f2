using System.Runtime.InteropServices;
using System.Text;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Tests;

/// <summary>A temporary folder as the store <c>s</c>. Arrays are written and read byte by byte here, by numpy's description of .npy.</summary>
internal sealed class JobFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("upweave-test-").FullName;

    public JobFolder() => Stores = new StoreCatalog(new Dictionary<string, string> { ["s"] = root });

    public StoreCatalog Stores { get; }

    public StoreLocation Place(string name) => Stores.Resolve("s/" + name);

    public string FileOf(string name) => Path.Combine(root, name);

    /// <summary>All files, by path relative to the folder.</summary>
    public string[] Files => [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal)];

    public void WriteNpy(string name, Dims shape, ReadOnlySpan<float> values) =>
        WriteNpy(name, "<f4", shape, MemoryMarshal.AsBytes(values));

    /// <param name="type">numpy's type string, e.g. <c>&lt;f4</c>.</param>
    public void WriteNpy(string name, string type, Dims shape, ReadOnlySpan<byte> content)
    {
        string tuple = "(" + string.Concat(shape.Select(extent => extent + ",")) + ")";
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {tuple}, }}";
        header = header.PadRight(((10 + header.Length + 64) / 64 * 64) - 11) + "\n";
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)];
        File.WriteAllBytes(FileOf(name), [.. start, .. content]);
    }

    /// <summary>The elements of an .npy of this type and shape.</summary>
    public byte[] ReadNpy(string name, string type, Dims shape)
    {
        byte[] file = File.ReadAllBytes(FileOf(name));
        int length = file[8] | (file[9] << 8);
        string header = Encoding.ASCII.GetString(file, 10, length);
        string tuple = "(" + string.Join(", ", shape) + (shape.Count == 1 ? ",)" : ")");
        Assert.Contains(type, header, StringComparison.Ordinal);
        Assert.Contains(tuple, header, StringComparison.Ordinal);
        return file[(10 + length)..];
    }

    public float[] ReadNpy(string name, Dims shape) =>
        MemoryMarshal.Cast<byte, float>(ReadNpy(name, "<f4", shape)).ToArray();

    public void Dispose() => Directory.Delete(root, recursive: true);
}
