namespace Upweave.Storage.Azure;

/// <summary>
/// What is written into a blob's metadata. It is put there by the same request that writes the content, so it is as durable and as
/// atomic, and another program's write of the whole blob takes it away.
/// </summary>
internal static class AzureMarks
{
    /// <summary>The plan that wrote the blob as a part of its output.</summary>
    public const string Owner = "upweave_owner";

    /// <summary>
    /// A number of the very request that wrote the blob. A request whose answer was lost is sent again, and then fails by its own
    /// effect: the condition no longer holds. This tells one's own write from another's, which equal content would not.
    /// </summary>
    public const string Write = "upweave_write";

    /// <summary>On an empty blob that stands for nothing: the plan that made it, to be rid of its blocks, and will delete it.</summary>
    public const string Discarding = "upweave_discarding";

    /// <summary>
    /// ETags that the blob had before its block list was committed again, unchanged, to be rid of somebody's uncommitted blocks;
    /// joined by commas, the last ones only. Its content is what it was under each of them.
    /// </summary>
    public const string Restored = "upweave_restored";

    private const int RestoredMax = 8;

    /// <summary>The mark, or null. Names of metadata do not distinguish case.</summary>
    public static string? Find(IEnumerable<KeyValuePair<string, string>>? metadata, string mark) =>
        metadata?.FirstOrDefault(entry => entry.Key.Equals(mark, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The value of <see cref="Restored"/> with one more ETag.</summary>
    public static string AddRestored(string? before, string etag) =>
        string.Join(',', (before?.Split(',') ?? []).Append(AzureETags.Bare(etag)).TakeLast(RestoredMax));
}
