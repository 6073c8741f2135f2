namespace Upweave.Storage.Tiff;

/// <summary>What a page's numbers mean (PhotometricInterpretation).</summary>
internal static class TiffColours
{
    public const int WhiteIsZero = 0;
    public const int BlackIsZero = 1;
    public const int Rgb = 2;
    public const int YCbCr = 6;

    /// <summary>DNG's raw sensor values: numbers like any.</summary>
    private const int LinearRaw = 34892;

    /// <summary>Why such a page is not read by box, as the rest of a sentence; null where it is.</summary>
    public static string? Refusal(long photometric, int samples, ElementType type, bool isJpeg, bool isPlanar)
    {
        switch (photometric)
        {
            case WhiteIsZero when type is not (ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64):
                return $"has white at 0, which {type.Name()} cannot be turned from";
            case YCbCr when !isJpeg || samples != 3 || isPlanar:
                return "has the colours YCbCr, not as JPEG";
            case 3:
                return "has a palette";
            case not (WhiteIsZero or BlackIsZero or Rgb or YCbCr or LinearRaw):
                return $"has colours of the kind {photometric} (PhotometricInterpretation)";
        }

        if (!isJpeg)
            return null;
        if (type != ElementType.UInt8)
            return $"is JPEG of {type.Name()}; read is JPEG of uint8";
        return isPlanar || samples == 1 || (samples == 3 && photometric is Rgb or YCbCr)
            ? null
            : $"is JPEG of {samples} samples with PhotometricInterpretation {photometric}";
    }
}
