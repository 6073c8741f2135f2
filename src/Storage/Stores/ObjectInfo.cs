namespace Upweave.Storage.Stores;

/// <summary>What a store says of an object.</summary>
/// <param name="Path">Path inside the store, segments joined by '/'.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="ETag">Changes whenever the content does; compared as an opaque string.</param>
/// <param name="LastModified">Time of the last write, by the store's clock.</param>
public sealed record ObjectInfo(string Path, long Length, string ETag, DateTimeOffset LastModified)
{
    /// <summary>The plan that wrote it as its output or a part of one; null when that is not known of it.</summary>
    public string? Owner { get; init; }
}
