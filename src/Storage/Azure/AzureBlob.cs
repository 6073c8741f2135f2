using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>A committed blob and its metadata.</summary>
internal sealed record AzureBlob(ObjectInfo Info, IEnumerable<KeyValuePair<string, string>>? Metadata)
{
    /// <summary>An account with a hierarchical namespace marks its folders so; a folder is nothing.</summary>
    private const string FolderMark = "hdi_isfolder";

    /// <summary>False for a folder, and for what a discard leaves for a moment: readers are not shown these.</summary>
    public bool IsObject => !IsDiscarding && !IsFolder;

    public bool IsFolder => AzureMarks.Find(Metadata, FolderMark) is not null;

    public bool IsDiscarding => AzureMarks.Find(Metadata, AzureMarks.Discarding) is not null;

    public bool IsWrittenBy(string write) => AzureMarks.Find(Metadata, AzureMarks.Write) == write;

    /// <summary>True when the content is what it was under this ETag.</summary>
    public bool IsStill(string etag) => Info.ETag == etag
        || (AzureMarks.Find(Metadata, AzureMarks.Restored)?.Split(',').Contains(AzureETags.Bare(etag)) ?? false);
}
