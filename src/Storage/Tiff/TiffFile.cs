using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>The pages of a TIFF and what is said of them.</summary>
internal sealed record TiffFile
{
    public required string Name { get; init; }

    public required IByteSource Source { get; init; }

    public required bool BigEndian { get; init; }

    public required TiffDirectories Directories { get; init; }

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
        TiffPageList pages = new(name);
        TiffDirectory? first = null;
        await foreach (TiffDirectory directory in directories.ReadAsync(cancellationToken))
        {
            first ??= directory;
            if (directory.Find(TiffTag.ZeissLsm) is not null && source.Length > uint.MaxValue)
            {
                throw new InvalidArrayException(
                    $"'{name}' is an LSM file of more than 4 GiB, whose offsets cannot be told.", "convert it to OME-TIFF");
            }

            await pages.AddAsync(directory, cancellationToken);
        }

        string? description = await first!.TextAsync(TiffTag.ImageDescription, TiffLimits.DescriptionBytesMax, cancellationToken);
        return new TiffFile
        {
            Name = name,
            Source = source,
            BigEndian = directories.BigEndian,
            Directories = directories,
            Pages = pages.Pages,
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
