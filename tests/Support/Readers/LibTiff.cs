using Upweave.Tests.CommandLine;

namespace Upweave.Tests.Readers;

/// <summary>libtiff's own command.</summary>
public static class LibTiff
{
    /// <summary>Reads the directories and decodes every tile of some files.</summary>
    /// <exception cref="ReaderFailure">One has an error, or a warning.</exception>
    public static Task<string> ReadAsync(TestFolder folder, params IEnumerable<string> files) =>
        ReaderProcess.RunAsync(folder.Root, "tiffinfo", ["-D", .. files]);
}
