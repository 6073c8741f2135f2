using Upweave.Storage.Arrays;

namespace Upweave.Planning;

/// <summary>What specifications and plans call compressions.</summary>
public static class CompressionNames
{
    public const string None = "none";

    public const string Zstd = "zstd";

    /// <summary>What deflate is called in zarr.</summary>
    public const string Gzip = "gzip";

    /// <summary>And in TIFF.</summary>
    public const string Deflate = "deflate";

    /// <summary>The least that a level may be.</summary>
    public const int LevelMin = 1;

    private static readonly IReadOnlyList<string> OfTiff = [Deflate, Zstd, None];
    private static readonly IReadOnlyList<string> OfZarr = [Zstd, Gzip, None];

    /// <summary>What a job may ask for, of one format or another.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfZarr.Union(OfTiff)];

    /// <summary>What a job may ask for; the default first.</summary>
    /// <param name="format">A zarr or a TIFF: one of <see cref="OutputFormats"/>.</param>
    public static IReadOnlyList<string> Of(string format) => OutputFormats.IsTiff(format) ? OfTiff : OfZarr;

    /// <summary>The most that a compression's level may be; 0 where it has none.</summary>
    public static int LevelMax(string name) => name switch
    {
        Zstd => 22,
        Gzip or Deflate => 9,
        _ => 0,
    };

    /// <summary>Null when there is no such compression.</summary>
    public static Compression? Parse(string name) => name switch
    {
        None => Compression.None,
        Zstd => Compression.Zstd,
        Gzip or Deflate => Compression.Deflate,
        _ => null,
    };
}
