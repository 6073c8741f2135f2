namespace Upweave.Storage.Tiff;

/// <summary>A lower resolution of a picture.</summary>
internal sealed record TiffLevel
{
    /// <summary>The page of the first plane; null where it cannot be read.</summary>
    public TiffPage? First { get; init; }

    /// <summary>Why it cannot be read.</summary>
    public string? Problem { get; init; }

    /// <summary>The place among the SubIFDs of every plane; null where the level's pages are in the chain.</summary>
    public int? Subdirectory { get; init; }

    /// <summary>The page of every plane, where they are in the chain.</summary>
    public IReadOnlyList<TiffPage> Planes { get; init; } = [];
}
