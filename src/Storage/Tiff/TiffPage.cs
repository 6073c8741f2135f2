namespace Upweave.Storage.Tiff;

/// <summary>What is kept of a directory.</summary>
internal sealed record TiffPage
{
    /// <summary>The page's number from 0 in the chain of directories.</summary>
    public required int Number { get; init; }

    /// <summary>Null where the page is of a kind that is not read by box.</summary>
    public TiffLayout? Layout { get; init; }

    /// <summary>Why the page is not read by box, as the rest of a sentence about it; null where it is.</summary>
    public string? Refusal { get; init; }

    /// <summary>NewSubfileType says that it is a smaller version or a mask of another page.</summary>
    public required bool IsAuxiliary { get; init; }

    /// <summary>NewSubfileType says that it is a mask of another page.</summary>
    public required bool IsMask { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public long Pixels => (long)Width * Height;

    /// <summary>Where directories lie that belong to this page (SubIFDs); of no values where it has none.</summary>
    public TiffField Subdirectories { get; init; }

    /// <summary>Where each tile's bytes begin.</summary>
    public TiffField Offsets { get; init; }

    /// <summary>How many each has; null where the file does not say, which it may for plain ones.</summary>
    public TiffField? Counts { get; init; }

    /// <summary>The tables that the page's JPEG tiles share; null where each has its own.</summary>
    public byte[]? JpegTables { get; init; }
}
