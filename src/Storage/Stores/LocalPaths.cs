namespace Upweave.Storage.Stores;

/// <summary>Maps the paths of a local store to files below its root.</summary>
/// <remarks>A symbolic link that somebody with access to the folder put there is followed: the root bounds what a job can name.</remarks>
internal sealed class LocalPaths
{
    private readonly string root;

    public LocalPaths(string root) => this.root = Path.GetFullPath(root);

    /// <summary>The file for a path of the store.</summary>
    /// <exception cref="InvalidArrayException">See <see cref="StorePath.Check"/>.</exception>
    public string FileOf(string path) =>
        Path.Combine(root, StorePath.Check(path).Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The folder for a path of the store; the root for an empty one.</summary>
    public string FolderOf(string path) => path.Length == 0 ? root : FileOf(path);

    /// <summary>The path for a file below the root.</summary>
    public string PathOf(string file) => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>A name in the same folder as <paramref name="file"/> that nothing has.</summary>
    public static string TemporaryFor(string file) =>
        Path.Combine(Path.GetDirectoryName(file)!, $"{StorePath.TemporaryPrefix}{Guid.NewGuid():N}");

    public static bool IsTemporary(string fileName) =>
        fileName.StartsWith(StorePath.TemporaryPrefix, StringComparison.Ordinal);
}
