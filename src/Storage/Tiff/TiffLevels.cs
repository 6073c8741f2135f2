using System.Globalization;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>
/// The lower resolutions of a picture, the largest first. OME-TIFF (and libvips, asked for it) keeps them in SubIFDs of each plane; else
/// they are pages of the chain (libvips, GDAL, whole-slide scanners).
/// </summary>
internal sealed class TiffLevels
{
    /// <summary>More than a picture has halves: its sides are below 2^31.</summary>
    public const int Max = 32;

    private readonly TiffFile file;
    private readonly TiffStack full;
    private readonly List<TiffLevel> lower;

    private TiffLevels(TiffFile file, TiffStack full, List<TiffLevel> lower)
    {
        this.file = file;
        this.full = full;
        this.lower = lower;
    }

    /// <summary>Looks at the first plane only. One that is malformed is told of, and does not keep the picture from being read.</summary>
    public static async ValueTask<TiffLevels> FindAsync(TiffFile file, TiffStack full, CancellationToken cancellationToken)
    {
        if (full.PlaneStride > 0)
            return new TiffLevels(file, full, []);
        List<TiffLevel> inside = await OfSubdirectoriesAsync(file, full.First, cancellationToken);
        return new TiffLevels(file, full, inside.Count > 0 ? inside : OfChain(file, full));
    }

    /// <summary>All of them, the full one first; none where there is no other.</summary>
    public IReadOnlyList<ArrayLevel> Describe() => lower.Count == 0 ? [] :
    [
        NumberOf(0) with { Shape = full.Shape },
        .. lower.Select((level, index) => level.First?.Layout is null
            ? NumberOf(index + 1) with { Problem = level.Problem ?? $"page {level.First!.Number} (from 0) {level.First.Refusal}" }
            : NumberOf(index + 1) with { Shape = (full with { First = level.First }).Shape }),
    ];

    /// <summary>One of them.</summary>
    /// <param name="number">From 0, the full one.</param>
    /// <exception cref="InvalidArrayException">There is no such level, or it cannot be read by box.</exception>
    public async ValueTask<TiffStack> OpenAsync(string number, CancellationToken cancellationToken)
    {
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int level) || level > lower.Count)
        {
            throw file.Refuse(
                $"asks for the level '{number}', and the file has {(lower.Count == 0 ? "no other than 0" : $"0 to {lower.Count}")}",
                "leave out the part from # on for the full resolution");
        }

        return level == 0 ? full : await StackAsync(lower[level - 1], cancellationToken);
    }

    private async ValueTask<TiffStack> StackAsync(TiffLevel level, CancellationToken cancellationToken)
    {
        IReadOnlyList<TiffPage> pages = level.Subdirectory is { } index ? await ReadAsync(index, cancellationToken) : level.Planes;
        TiffPage first = TiffStacks.Check(file, pages[0]);
        double down = ArrayLevel.ScaleOf(full.Layout.Height, first.Height), across = ArrayLevel.ScaleOf(full.Layout.Width, first.Width);
        double[] step = [.. (full.Space?.Axes ?? "").Select(axis => axis == 'y' ? down : axis == 'x' ? across : 1)];
        return full with
        {
            First = first,
            Planes = [.. pages.Select(page => TiffStacks.CheckLike(file, page, first.Layout!))],
            IsOfSubdirectories = level.Subdirectory is not null,
            // An element lies in the middle of those that it stands for.
            Space = full.Space?.Resample([.. step.Select(factor => (factor - 1) / 2)], step),
        };
    }

    private async ValueTask<IReadOnlyList<TiffPage>> ReadAsync(int index, CancellationToken cancellationToken)
    {
        // All places first: they lie near each other, and the directories elsewhere.
        List<long> places = [];
        foreach (TiffPage plane in full.Planes)
        {
            if (index >= plane.Subdirectories.Count)
            {
                throw file.Refuse(
                    $"has {plane.Subdirectories.Count} SubIFDs in page {plane.Number} (from 0), and the first page has "
                    + $"{full.First.Subdirectories.Count}",
                    "write all pages with the same levels");
            }

            places.Add(await file.Directories.FindSubdirectoryAsync(plane, index, cancellationToken));
        }

        TiffPageList pages = new(file.Name);
        foreach ((TiffPage plane, long place) in full.Planes.Zip(places))
        {
            await pages.AddAsync(await file.Directories.ReadSubdirectoryAsync(plane, place, cancellationToken), cancellationToken);
        }

        return pages.Pages;
    }

    private static async ValueTask<List<TiffLevel>> OfSubdirectoriesAsync(
        TiffFile file, TiffPage first, CancellationToken cancellationToken)
    {
        List<TiffLevel> found = [];
        TiffPage above = first;
        for (int index = 0; index < Math.Min(first.Subdirectories.Count, Max); index++)
        {
            try
            {
                long place = await file.Directories.FindSubdirectoryAsync(first, index, cancellationToken);
                TiffPage page = await TiffPageReader.ReadAsync(
                    await file.Directories.ReadSubdirectoryAsync(first, place, cancellationToken), cancellationToken);
                if (!IsBelow(page, above, first))
                    continue;
                found.Add(new TiffLevel { Subdirectory = index, First = page });
                above = page;
            }
            catch (InvalidArrayException malformed)
            {
                found.Add(new TiffLevel { Subdirectory = index, Problem = malformed.Message });
            }
        }

        return found;
    }

    /// <summary>
    /// Smaller pages of the same picture, one for each plane. Of a tiled one they are tiled: a slide's thumbnail and the picture of its
    /// label are not.
    /// </summary>
    private static List<TiffLevel> OfChain(TiffFile file, TiffStack full)
    {
        List<TiffLevel> found = [];
        TiffPage above = full.First;
        // Else it is not told which page is which plane's.
        bool isInOrder = full.Planes.Zip(full.Planes.Skip(1), (left, right) => left.Number < right.Number).All(follows => follows);
        if (!isInOrder)
            return found;
        foreach (IGrouping<(int, int), TiffPage> size in file.Pages.GroupBy(page => (page.Width, page.Height)))
        {
            TiffPage[] planes = [.. size.Where(page => IsBelow(page, above, full.First) && IsSamePicture(page, full.First))];
            if (planes.Length != full.Planes.Count || found.Count == Max)
                continue;
            found.Add(new TiffLevel { First = planes[0], Planes = planes });
            above = planes[0];
        }

        return found;
    }

    private static bool IsBelow(TiffPage page, TiffPage above, TiffPage full) =>
        !page.IsMask && page.Width <= above.Width && page.Height <= above.Height && page.Pixels < above.Pixels
        && (page.Layout is null || (page.Layout.Samples, page.Layout.Type) == (full.Layout!.Samples, full.Layout.Type));

    /// <summary>Its sides are those of the full one by the same factor, each rounded up or down.</summary>
    private static bool IsSamePicture(TiffPage page, TiffPage full) =>
        (page.Layout is null || page.Layout.IsTiled || !full.Layout!.IsTiled)
        && (long)full.Width * (page.Height - 1) < (long)full.Height * (page.Width + 1L)
        && (long)full.Height * (page.Width - 1) < (long)full.Width * (page.Height + 1L);

    private static ArrayLevel NumberOf(int level) => new('#', level.ToString(CultureInfo.InvariantCulture));
}
