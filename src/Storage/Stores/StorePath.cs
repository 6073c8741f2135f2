namespace Upweave.Storage.Stores;

/// <summary>The rules for paths inside a store, the same for every kind of store.</summary>
internal static class StorePath
{
    /// <summary>Names that begin so are temporary files of a local store: never listed, and no reference can name one.</summary>
    public const string TemporaryPrefix = ".upweave-";

    /// <summary>Gives the path back if it is segments joined by '/', none of which can lead out of the store.</summary>
    /// <exception cref="InvalidArrayException">It is empty, rooted, or has a segment that is empty, '.' or '..'.</exception>
    public static string Check(string path)
    {
        foreach (string segment in path.Split('/'))
        {
            if (Fault(segment) is { } fault)
            {
                throw new InvalidArrayException(
                    $"The path '{path}' {fault}.", "name an object by segments joined by '/', below the root of its store");
            }
        }

        return path;
    }

    private static string? Fault(string segment) => segment switch
    {
        "" => "is empty, or begins or ends with '/', or has two in a row",
        "." or ".." => $"has a segment '{segment}'",
        _ when segment.Contains('\0') => "has a null character",
        _ when Path.DirectorySeparatorChar != '/' && segment.AsSpan().IndexOfAny('\\', ':') >= 0 => "has a '\\' or ':'",
        _ when segment.StartsWith(TemporaryPrefix, StringComparison.Ordinal) => "names a temporary file of the store",
        _ => null,
    };
}
