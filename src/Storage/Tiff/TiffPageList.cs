namespace Upweave.Storage.Tiff;

/// <summary>Reads pages one after the other, within what a file may have of them together.</summary>
internal sealed class TiffPageList(string name)
{
    private readonly List<TiffPage> pages = [];
    private long tiles;
    private long jpegTablesBytes;

    public IReadOnlyList<TiffPage> Pages => pages;

    /// <summary>Pages that are like the one before share its layout, so that a long stack takes little.</summary>
    /// <exception cref="InvalidArrayException">The directory is malformed, or the pages are too many together.</exception>
    public async ValueTask AddAsync(TiffDirectory directory, CancellationToken cancellationToken)
    {
        TiffPage page = await TiffPageReader.ReadAsync(directory, cancellationToken);
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
}
