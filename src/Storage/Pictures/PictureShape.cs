using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Pictures;

/// <summary>An array [C,H,W] or [H,W] that passed <see cref="PictureExport.Check"/>, seen as a picture.</summary>
internal readonly record struct PictureShape(int Channels, long Height, int Width, ElementType Type)
{
    public int ElementSize => Type.Size();

    /// <summary>Bytes of one row of pixels.</summary>
    public int RowBytes => checked(Width * Channels * ElementSize);

    public static PictureShape Of(ArrayInfo info) => Of(info.Shape, info.Type);

    public static PictureShape Of(Dims shape, ElementType type) =>
        new((int)(shape.Count == 3 ? shape[0] : 1), shape[^2], (int)shape[^1], type);
}
