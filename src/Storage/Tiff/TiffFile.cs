using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>The pages of a TIFF and what is said of them.</summary>
internal sealed record TiffFile
{
    public required string Name { get; init; }

    public required IByteSource Source { get; init; }

    public required bool BigEndian { get; init; }

    /// <summary>All pages in order.</summary>
    public required IReadOnlyList<TiffPage> Pages { get; init; }

    /// <summary>Of the first page, where all metadata lie.</summary>
    public required TiffDirectory Directory { get; init; }

    /// <summary>ImageDescription of the first page.</summary>
    public required string Description { get; init; }

    /// <summary>Reads the directories.</summary>
    /// <param name="name">Names the file in messages.</param>
    /// <exception cref="InvalidArrayException">The file is malformed.</exception>
    public static async ValueTask<TiffFile> OpenAsync(IByteSource source, string name, CancellationToken cancellationToken)
    {
        WindowSource window = new(source);
        TiffDirectories directories = await TiffDirectories.OpenAsync(window, name, cancellationToken);
        List<TiffPage> pages = [];
        TiffDirectory? first = null;
        long tiles = 0, jpegTablesBytes = 0;
        await foreach (TiffDirectory directory in directories.ReadAsync(cancellationToken))
        {
            first ??= directory;
            if (directory.Find(TiffTag.ZeissLsm) is not null && source.Length > uint.MaxValue)
            {
                throw new InvalidArrayException(
                    $"'{name}' is an LSM file of more than 4 GiB, whose offsets cannot be told.", "convert it to OME-TIFF");
            }

            TiffPage page = await TiffPageReader.ReadAsync(directory, cancellationToken);
            // Pages that are like the one before share its layout, so that a long stack takes little.
            if (pages.Count > 0 && page.Layout == pages[^1].Layout)
                page = page with { Layout = pages[^1].Layout };
            if (pages.Count > 0 && page.JpegTables is { } tables && pages[^1].JpegTables is { } shared && tables.SequenceEqual(shared))
                page = page with { JpegTables = shared };
            else
                jpegTablesBytes += page.JpegTables?.Length ?? 0;
            if (jpegTablesBytes > TiffLimits.AllJpegTablesBytesMax)
                throw directory.Malformed($"the pages' JPEG tables have more than {TiffLimits.AllJpegTablesBytesMax} bytes");
            pages.Add(page);
            tiles += page.Layout?.TileCount ?? 0;
            if (tiles > TiffLimits.TilesMax)
            {
                throw new InvalidArrayException(
                    $"'{name}' has more than {TiffLimits.TilesMax} tiles or strips.", "convert it to larger tiles, or to .zarr");
            }
        }

        string? description = await first!.TextAsync(TiffTag.ImageDescription, TiffLimits.DescriptionBytesMax, cancellationToken);
        return new TiffFile
        {
            Name = name,
            Source = source,
            BigEndian = directories.BigEndian,
            Pages = pages,
            Directory = first,
            Description = description ?? "",
        };
    }

    /// <summary>The first page that is a picture of its own.</summary>
    public TiffPage Main => Pages.FirstOrDefault(page => !page.IsAuxiliary) ?? Pages[0];

    /// <summary>What cannot be read by box, but may be by a decoder that holds it whole: a single page of a rare kind.</summary>
    public bool NeedsIngest => Pages.Count == 1 && Main.Layout is null;

    public InvalidArrayException Refuse(string why, string hint) => new($"'{Name}' {why}.", hint);
}
