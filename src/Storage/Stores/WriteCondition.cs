namespace Upweave.Storage.Stores;

/// <summary>What must hold for a write or a commit to take place.</summary>
public readonly record struct WriteCondition
{
    private WriteCondition(bool mustBeAbsent, string? etag)
    {
        MustBeAbsent = mustBeAbsent;
        ETag = etag;
    }

    /// <summary>There is no object at the path (If-None-Match: *).</summary>
    public bool MustBeAbsent { get; }

    /// <summary>The object at the path has this ETag (If-Match); null: not asked.</summary>
    public string? ETag { get; }

    /// <summary>No condition.</summary>
    public static WriteCondition Always => default;

    /// <summary>Only where nothing is.</summary>
    public static WriteCondition IfAbsent => new(true, null);

    /// <summary>Only over the object with this ETag.</summary>
    public static WriteCondition IfMatch(string etag) => new(false, etag);
}
