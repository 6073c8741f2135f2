namespace Upweave.Storage.Tiff;

/// <summary>Reads what a directory says of its pixels, and judges whether they can be read by box.</summary>
internal static class TiffPageReader
{
    private const int OldDeflate = 32946;

    /// <exception cref="InvalidArrayException">The directory is malformed.</exception>
    public static async ValueTask<TiffPage> ReadAsync(TiffDirectory directory, CancellationToken cancellationToken)
    {
        long width = await directory.IntegerAsync(TiffTag.ImageWidth, 0, cancellationToken);
        long height = await directory.IntegerAsync(TiffTag.ImageLength, 0, cancellationToken);
        if (width is < 1 or > int.MaxValue || height is < 1 or > int.MaxValue)
            throw directory.Malformed($"the picture has {width} x {height} pixels; 1 to {int.MaxValue} each way are read");
        long subfile = await directory.IntegerAsync(TiffTag.NewSubfileType, 0, cancellationToken);
        TiffPage page = new()
        {
            Number = directory.Number,
            IsAuxiliary = (subfile & 5) != 0, // a smaller version, a mask
            IsMask = (subfile & 4) != 0,
            Width = (int)width,
            Height = (int)height,
            Subdirectories = directory.Find(TiffTag.SubIfds) ?? default,
        };
        (TiffLayout? layout, string? refusal) = await LayoutAsync(directory, (int)width, (int)height, cancellationToken);
        if (layout is null)
            return page with { Refusal = refusal };
        bool isTiled = layout.IsTiled;
        if (directory.Find(isTiled ? TiffTag.TileOffsets : TiffTag.StripOffsets) is not { } offsets || offsets.Count < layout.TileCount)
            throw directory.Malformed($"there are fewer offsets than the {layout.TileCount} {layout.TileName}s have");
        TiffField? counts = directory.Find(isTiled ? TiffTag.TileByteCounts : TiffTag.StripByteCounts);
        if (!layout.IsPlain && counts is null || counts?.Count < layout.TileCount)
            throw directory.Malformed($"there are fewer byte counts than the {layout.TileCount} {layout.TileName}s have");
        return page with
        {
            Layout = layout,
            Offsets = offsets,
            Counts = counts,
            JpegTables = layout.Compression == TiffCompression.Jpeg
                ? await directory.BytesAsync(TiffTag.JpegTables, TiffLimits.JpegTablesBytesMax, cancellationToken)
                : null,
        };
    }

    private static async ValueTask<(TiffLayout? Layout, string? Refusal)> LayoutAsync(
        TiffDirectory directory, int width, int height, CancellationToken cancellationToken)
    {
        long samples = await directory.IntegerAsync(TiffTag.SamplesPerPixel, 1, cancellationToken);
        if (samples is < 1 or > TiffLimits.SamplesMax)
            throw directory.Malformed($"a pixel has {samples} samples; 1 to {TiffLimits.SamplesMax} are read");
        if (await TypeAsync(directory, (int)samples, cancellationToken) is not { } type)
            return (null, await TypeRefusalAsync(directory, cancellationToken));
        long compression = await directory.IntegerAsync(TiffTag.Compression, 1, cancellationToken);
        compression = compression == OldDeflate ? (long)TiffCompression.Deflate : compression;
        if (!Enum.IsDefined((TiffCompression)Math.Clamp(compression, 0, int.MaxValue)))
            return (null, $"is compressed in the way {compression}; read are none, LZW, deflate, PackBits, zstd and JPEG");
        long predictor = compression is 1 or (long)TiffCompression.PackBits or (long)TiffCompression.Jpeg
            ? 1 // others than LZW, deflate and zstd have none, whatever the field says
            : await directory.IntegerAsync(TiffTag.Predictor, 1, cancellationToken);
        if (predictor is < 1 or > 3 || (predictor == 3 && type is not (ElementType.Float16 or ElementType.Float32 or ElementType.Float64)))
            return (null, $"has predictor {predictor} on {type.Name()}");
        if (await directory.IntegerAsync(TiffTag.Orientation, 1, cancellationToken) is not 1 and var orientation)
            return (null, $"is stored turned or mirrored (orientation {orientation})");
        if (await directory.IntegerAsync(TiffTag.ImageDepth, 1, cancellationToken) is not 1 and var depth)
            return (null, $"holds {depth} slices (ImageDepth)");
        if (directory.Find(TiffTag.StkPlanes) is { Count: > 1 } planes)
            return (null, $"holds {planes.Count} planes (MetaMorph's STK)");
        if (await directory.IntegerAsync(TiffTag.FillOrder, 1, cancellationToken) != 1)
            return (null, "has the bits of its bytes in reverse order");
        bool isPlanar = samples > 1 && await directory.IntegerAsync(TiffTag.PlanarConfiguration, 1, cancellationToken) == 2;
        long photometric = await directory.IntegerAsync(TiffTag.Photometric, 1, cancellationToken);
        bool isJpeg = compression == (long)TiffCompression.Jpeg;
        if (TiffColours.Refusal(photometric, (int)samples, type, isJpeg, isPlanar) is { } colours)
            return (null, colours);
        TiffLayout layout = new()
        {
            Width = width,
            Height = height,
            Samples = (int)samples,
            IsPlanar = isPlanar,
            Type = type,
            Compression = (TiffCompression)compression,
            Predictor = (int)predictor,
            IsInverted = photometric == TiffColours.WhiteIsZero,
            IsYCbCr = photometric == TiffColours.YCbCr,
            IsTiled = directory.Find(TiffTag.TileOffsets) is not null,
            TileWidth = width,
            TileHeight = height,
        };
        return await WithTilesAsync(directory, layout, cancellationToken);
    }

    private static async ValueTask<(TiffLayout? Layout, string? Refusal)> WithTilesAsync(
        TiffDirectory directory, TiffLayout layout, CancellationToken cancellationToken)
    {
        long tileWidth = layout.IsTiled ? await directory.IntegerAsync(TiffTag.TileWidth, 0, cancellationToken) : layout.Width;
        long tileHeight = layout.IsTiled
            ? await directory.IntegerAsync(TiffTag.TileLength, 0, cancellationToken)
            : Math.Min(layout.Height, await directory.IntegerAsync(TiffTag.RowsPerStrip, layout.Height, cancellationToken));
        if (tileWidth is < 1 or > int.MaxValue || tileHeight is < 1 or > int.MaxValue)
            throw directory.Malformed($"a {layout.TileName} has {tileWidth} x {tileHeight} pixels");
        Int128 bytes = (Int128)tileWidth * tileHeight * layout.TileSamples * layout.Type.Size();
        if ((!layout.IsPlain || layout.IsTiled) && bytes > TiffLimits.TileBytesMax)
        {
            return (null, $"has {layout.TileName}s of {bytes} bytes, which must be decoded whole; at most "
                + $"{TiffLimits.TileBytesMax} are");
        }

        if (layout.PageBytes > long.MaxValue / TiffDirectories.PagesMax)
            throw directory.Malformed($"the picture has {layout.PageBytes} bytes");
        return (layout with { TileWidth = (int)tileWidth, TileHeight = (int)tileHeight }, null);
    }

    /// <summary>The type of all samples; null when it is none of ours.</summary>
    private static async ValueTask<ElementType?> TypeAsync(TiffDirectory directory, int samples, CancellationToken cancellationToken)
    {
        long[] bits = await directory.IntegersAsync(TiffTag.BitsPerSample, samples, cancellationToken);
        long[] formats = await directory.IntegersAsync(TiffTag.SampleFormat, samples, cancellationToken);
        if (bits.Length == 0 || bits.Distinct().Count() > 1 || formats.Distinct().Count() > 1)
            return null;
        return (bits[0], formats is [long format, ..] ? format : 1) switch
        {
            (8, 1 or 4) => ElementType.UInt8,
            (16, 1 or 4) => ElementType.UInt16,
            (32, 1 or 4) => ElementType.UInt32,
            (64, 1 or 4) => ElementType.UInt64,
            (8, 2) => ElementType.Int8,
            (16, 2) => ElementType.Int16,
            (32, 2) => ElementType.Int32,
            (64, 2) => ElementType.Int64,
            (16, 3) => ElementType.Float16,
            (32, 3) => ElementType.Float32,
            (64, 3) => ElementType.Float64,
            _ => null,
        };
    }

    private static async ValueTask<string> TypeRefusalAsync(TiffDirectory directory, CancellationToken cancellationToken)
    {
        const int shown = 8;
        long[] bits = await directory.IntegersAsync(TiffTag.BitsPerSample, shown, cancellationToken);
        long[] formats = await directory.IntegersAsync(TiffTag.SampleFormat, shown, cancellationToken);
        return $"has samples of {(bits.Length == 0 ? "1" : string.Join(", ", bits))} bits"
            + (formats.Length == 0 ? "" : $" and format {string.Join(", ", formats)}")
            + "; read are integers of 8 to 64 and floating-point numbers of 16 to 64, all samples alike";
    }
}
