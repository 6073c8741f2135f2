using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>Decides which pages of a file are the array, and along which axis each lies.</summary>
internal static class TiffStacks
{
    private const string ExtractHint = "take out the page that you mean, e.g. tiffcp IN.tif,0 OUT.tif";

    /// <exception cref="InvalidArrayException">The pages do not make up one array that can be read by box.</exception>
    public static async ValueTask<TiffStack> FindAsync(TiffFile file, CancellationToken cancellationToken)
    {
        if (OmeTiff.IsOne(file.Description))
            return OfOme(file, OmeTiff.Parse(file.Description, file.Name));
        if (file.Description.StartsWith("{\"shape\":", StringComparison.Ordinal)
            && file.Description.Contains("\"truncated\": true", StringComparison.Ordinal))
        {
            throw file.Refuse(
                "has pixels behind its only page that no page describes (tifffile's truncate)",
                "write it without truncate, or as OME-TIFF");
        }

        ImageJDescription? description = ImageJDescription.Parse(file.Description);
        bool isHyperstack = description is not null && (description.Images > 1 || file.Pages.Count == 1);
        TiffStack stack = isHyperstack ? await OfImageJAsync(file, description!, cancellationToken) : OfPages(file);
        if (description is not null)
            stack = stack with { Space = await ImageJSpaceAsync(file, description, stack.Depth > 1, cancellationToken) };
        return stack.Space is null && await TiffGeo.ReadAsync(file.Directory, cancellationToken) is { } space
            ? stack with { Space = WithDepth(space, stack.Depth > 1) }
            : stack;
    }

    /// <summary>Equal pages are z; smaller ones are thumbnails and the lower levels of a pyramid.</summary>
    private static TiffStack OfPages(TiffFile file)
    {
        TiffPage first = Check(file, file.Main);
        TiffLayout layout = first.Layout!;
        List<TiffPage> planes = [];
        foreach (TiffPage page in file.Pages.Where(page => !page.IsAuxiliary))
        {
            if (page.Pixels > first.Pixels)
                throw file.Refuse($"has pages of several sizes, and page {page.Number} is larger than the first", ExtractHint);
            if (page.Layout is not null && page.Layout.IsSamePicture(layout))
                planes.Add(CheckLike(file, page, layout));
        }

        if (planes.Count == 0)
            planes.Add(first);
        return new TiffStack { First = first, Planes = planes, Batches = 1, ChannelPages = 1, Depth = planes.Count };
    }

    private static async ValueTask<TiffStack> OfImageJAsync(
        TiffFile file, ImageJDescription description, CancellationToken cancellationToken)
    {
        TiffPage first = Check(file, file.Pages[0]);
        TiffLayout layout = first.Layout!;
        (long c, long z, long t) = (description.Channels, description.Slices, description.Frames);
        TiffStack stack = new()
        {
            First = first,
            Planes = [],
            Batches = t,
            ChannelPages = c,
            Depth = z,
        };
        if (file.Pages.Count == 1 && description.Images > 1)
            return stack with { PlaneStride = await ContiguousPlanesAsync(file, first, description.Images, cancellationToken) };
        if (description.Images > file.Pages.Count)
        {
            throw file.Refuse(
                $"has {file.Pages.Count} pages, and ImageJ's description claims {description.Images} images", "write or copy it again");
        }

        TiffPage[] planes = new TiffPage[description.Images];
        for (int image = 0; image < planes.Length; image++)
        {
            long channel = image % c, slice = image / c % z, frame = image / c / z;
            planes[(((frame * c) + channel) * z) + slice] = CheckLike(file, file.Pages[image], layout);
        }

        return stack with { Planes = planes };
    }

    /// <summary>ImageJ's way beyond 4 GiB: one directory, and all images behind each other from the first one's place on.</summary>
    /// <returns>Bytes of an image.</returns>
    private static async ValueTask<long> ContiguousPlanesAsync(
        TiffFile file, TiffPage page, long images, CancellationToken cancellationToken)
    {
        TiffLayout layout = page.Layout!;
        TiffTable table = await new TiffTables(file.Source, file.BigEndian, file.Name).GetAsync(page, cancellationToken);
        bool follows = layout.IsPlain && !layout.IsTiled && !layout.IsPlanar;
        for (int strip = 1; follows && strip < table.Offsets.Length; strip++)
        {
            follows = table.Offsets[strip] == table.Offsets[strip - 1] + layout.TileBytes;
        }

        long bytes = (long)layout.PageBytes;
        return follows && table.Offsets[0] + (bytes * (Int128)images) <= file.Source.Length
            ? bytes
            : throw file.Refuse(
                $"has one page, and ImageJ's description claims {images} images, which do not lie behind it in {file.Source.Length} bytes",
                "write or copy it again");
    }

    private static async ValueTask<ArraySpace?> ImageJSpaceAsync(
        TiffFile file, ImageJDescription description, bool hasDepth, CancellationToken cancellationToken)
    {
        if (description.Unit is not { } unit)
            return null;
        async ValueTask<double> Pitch(TiffTag tag) =>
            await file.Directory.NumbersAsync(tag, 1, cancellationToken) is [double perUnit] && 1 / perUnit is > 0 and double pitch
            && double.IsFinite(pitch) ? pitch : 1;
        double y = await Pitch(TiffTag.YResolution), x = await Pitch(TiffTag.XResolution);
        string? name = TiffUnits.Of(unit);
        return hasDepth
            ? ArraySpace.Of("zyx", [description.Spacing, y, x], [0, 0, 0], [name, name, name])
            : ArraySpace.Of("yx", [y, x], [0, 0], [name, name]);
    }

    private static TiffStack OfOme(TiffFile file, OmeTiff ome)
    {
        TiffLayout? layout = file.Pages[0].Layout;
        int samples = layout?.Samples ?? 1;
        long channelPages = ome.SizeC / samples;
        bool fits = ome.SizeT > 0 && channelPages > 0 && ome.SizeZ > 0 && channelPages * samples == ome.SizeC
            && Math.Max(ome.SizeT, Math.Max(channelPages, ome.SizeZ)) <= file.Pages.Count
            && (Int128)ome.SizeT * channelPages * ome.SizeZ <= file.Pages.Count;
        if (!fits)
        {
            throw file.Refuse(
                $"has {file.Pages.Count} pages of {samples} channels, which are not the {ome.SizeC} x {ome.SizeZ} x {ome.SizeT} "
                + "channels, slices and points in time that its OME-XML claims", "write the OME-TIFF again, as one file");
        }

        int[] pages = ome.Planes(channelPages, file.Pages.Count, file.Name);
        TiffPage first = Check(file, file.Pages[pages[0]]);
        if ((first.Layout!.Width, first.Layout.Height, first.Layout.Samples) != (ome.SizeX, ome.SizeY, samples))
        {
            throw file.Refuse(
                $"has pictures of {first.Layout.Width} x {first.Layout.Height} pixels; its OME-XML claims {ome.SizeX} x {ome.SizeY}",
                "write the OME-TIFF again");
        }

        return new TiffStack
        {
            First = first,
            Planes = [.. pages.Select(page => CheckLike(file, file.Pages[page], first.Layout))],
            Batches = ome.SizeT,
            ChannelPages = channelPages,
            Depth = ome.SizeZ,
            Space = ome.Space(ome.SizeZ > 1),
        };
    }

    /// <exception cref="InvalidArrayException">The page cannot be read by box.</exception>
    public static TiffPage Check(TiffFile file, TiffPage page) => page.Layout is not null
        ? page
        : throw file.Refuse(
            $"cannot be read by box: page {page.Number} (from 0) {page.Refusal}",
            "convert it, e.g. vips tiffsave IN.tif OUT.tif --tile --compression deflate");

    /// <exception cref="InvalidArrayException">The page is stored in another way than the first of its array.</exception>
    public static TiffPage CheckLike(TiffFile file, TiffPage page, TiffLayout layout) => Check(file, page).Layout == layout
        ? page
        : throw file.Refuse(
            $"has page {page.Number} (from 0) stored in another way than the first",
            "write all pages alike, e.g. tiffcp -t IN.tif OUT.tif");

    private static ArraySpace WithDepth(ArraySpace plane, bool hasDepth) => !hasDepth ? plane : plane with
    {
        Axes = "zyx",
        Affine = [[1, 0, 0, 0], .. plane.Affine.Select(IReadOnlyList<double> (row) => [0, .. row])],
        Units = [null, .. plane.Units],
    };
}
