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

    /// <summary>Null when there is no such compression.</summary>
    public static Compression? Parse(string name) => name switch
    {
        None => Compression.None,
        Zstd => Compression.Zstd,
        Gzip or Deflate => Compression.Deflate,
        _ => null,
    };
}
