using NetVips;

namespace Upweave.Storage.Pictures;

/// <summary>libvips's messages, made fit for one line.</summary>
internal static class VipsErrors
{
    /// <summary>
    /// What libvips says went wrong, without the wrapper's "unable to call". libvips keeps one list of messages per
    /// process, so pictures that fail at the same moment may mix theirs.
    /// </summary>
    public static string Reason(VipsException error)
    {
        string[] lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join("; ", (lines.Length > 1 ? lines[1..] : lines).Distinct());
    }
}
