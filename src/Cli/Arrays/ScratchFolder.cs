namespace Upweave.Cli.Arrays;

/// <summary>A folder of our own under the system's temporary one, removed with everything in it at the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("upweave-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
