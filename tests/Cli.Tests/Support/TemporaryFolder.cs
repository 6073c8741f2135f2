namespace Upweave.Cli.Tests.Support;

/// <summary>A folder that is removed at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("upweave-cli-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>A path in the folder.</summary>
    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <returns>The file's path.</returns>
    public string Write(string name, byte[] content)
    {
        string path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>An .npy file of 8 bytes, counted up.</summary>
    public string WriteArray(string name)
    {
        string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 4), }".PadRight(117) + "\n";
        return Write(name, [0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), 1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
