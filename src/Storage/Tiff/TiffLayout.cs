using Upweave.Tiling;

namespace Upweave.Storage.Tiff;

/// <summary>How the pixels of a page are stored. A tile here is a strip too: one as wide as the page.</summary>
internal sealed record TiffLayout
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Channels of a pixel.</summary>
    public required int Samples { get; init; }

    /// <summary>Each channel is stored by itself; else a pixel's channels lie together.</summary>
    public required bool IsPlanar { get; init; }

    public required ElementType Type { get; init; }

    public required TiffCompression Compression { get; init; }

    /// <summary>1 none, 2 differences of neighbours, 3 the same of the bytes of floating-point numbers, by significance.</summary>
    public required int Predictor { get; init; }

    /// <summary>0 is white (PhotometricInterpretation 0): elements are turned so that it is black.</summary>
    public required bool IsInverted { get; init; }

    /// <summary>JPEG's own YCbCr, which becomes RGB.</summary>
    public required bool IsYCbCr { get; init; }

    public required bool IsTiled { get; init; }

    public required int TileWidth { get; init; }

    /// <summary>Of a strip: at most the page's height.</summary>
    public required int TileHeight { get; init; }

    /// <summary>Elements are stored as they are, up to their order of bytes: any range can be read.</summary>
    public bool IsPlain => Compression == TiffCompression.None && Predictor == 1 && !IsInverted;

    /// <summary>Channels that a tile holds.</summary>
    public int TileSamples => IsPlanar ? 1 : Samples;

    public int TilesAcross => (int)IntegerMath.CeilDiv(Width, TileWidth);

    public int TilesDown => (int)IntegerMath.CeilDiv(Height, TileHeight);

    /// <summary>Tiles of the page.</summary>
    public long TileCount => (long)TilesAcross * TilesDown * (IsPlanar ? Samples : 1);

    public long RowBytes => (long)TileWidth * TileSamples * Type.Size();

    /// <summary>Bytes of a tile, not compressed.</summary>
    public long TileBytes => RowBytes * TileHeight;

    /// <summary>Bytes of all elements of the page.</summary>
    public Int128 PageBytes => (Int128)Width * Height * Samples * Type.Size();

    /// <summary>What a tile is called in messages.</summary>
    public string TileName => IsTiled ? "tile" : "strip";

    /// <summary>Rows that a tile holds: the last strip has fewer than the others.</summary>
    public int RowsOf(int down) => IsTiled ? TileHeight : Math.Min(TileHeight, Height - (down * TileHeight));

    /// <summary>The tile's number in the page.</summary>
    public long TileNumber(int sample, int down, int across) =>
        ((((long)(IsPlanar ? sample : 0) * TilesDown) + down) * TilesAcross) + across;

    /// <summary>Both are the same kind of picture, however it is stored.</summary>
    public bool IsSamePicture(TiffLayout other) => (Width, Height, Samples, Type) == (other.Width, other.Height, other.Samples, other.Type);
}
