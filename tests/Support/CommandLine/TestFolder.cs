namespace Upweave.Tests.CommandLine;

/// <summary>A folder of its own for a test; removed at the end with everything in it.</summary>
public sealed class TestFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("upweave-test-").FullName;

    /// <summary>Every file and folder below, relative and in order.</summary>
    public IReadOnlyList<string> Entries =>
    [
        .. Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories)
            .Select(entry => Path.GetRelativePath(Root, entry)).Order(StringComparer.Ordinal),
    ];

    public string At(string path) => Path.Combine(Root, path);

    public void Write(string path, ReadOnlySpan<byte> content) => File.WriteAllBytes(At(path), content);

    public void Write(string path, NpyArray array) => NpyFile.Write(At(path), array);

    public NpyArray Read(string path) => NpyFile.Read(At(path));

    /// <summary>Runs the program in this folder to its end.</summary>
    /// <param name="commandLine">Arguments separated by spaces; none contains one.</param>
    public Task<UpweaveResult> RunAsync(string commandLine) => UpweaveProcess.RunAsync(Root, commandLine);

    /// <summary>The same for a command that must succeed.</summary>
    public async Task<UpweaveResult> SucceedAsync(string commandLine)
    {
        UpweaveResult result = await RunAsync(commandLine);
        result.AssertSuccess();
        return result;
    }

    /// <summary>The hash of an array's elements, as <c>inspect</c> says it.</summary>
    public async Task<string> HashAsync(string path) =>
        (await SucceedAsync($"inspect {path} --hash --json")).Json.GetProperty("sha256").GetString()!;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
