using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests;

/// <summary>A folder of its own for a test, with a store on it; removed at the end.</summary>
public sealed class TestFolder : IDisposable
{
    public TestFolder()
    {
        Root = Directory.CreateTempSubdirectory("upweave-test-").FullName;
        Store = new LocalStore(Root);
    }

    public string Root { get; }

    public LocalStore Store { get; }

    /// <summary>Files of the repository's tests/data/storage.</summary>
    public static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    public string At(string path) => Path.Combine(Root, path);

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), content);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
