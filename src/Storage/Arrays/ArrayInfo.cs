using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>What an array says of itself.</summary>
public sealed record ArrayInfo
{
    /// <summary>Name of the format, e.g. <c>npy</c>, <c>zarr v3</c>, <c>png</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Extents, outermost axis first; at least 1 each.</summary>
    public required Dims Shape { get; init; }

    public required ElementType Type { get; init; }

    /// <summary>One letter per axis of <c>n c z y x</c>, in that order, where the format names its axes; else null.</summary>
    public string? Axes { get; init; }

    /// <summary>The shape of the units that are stored and read whole; null where any range can be read.</summary>
    public Dims? Chunk { get; init; }

    /// <summary>Elements are stored last axis first (Fortran order). Reading gives C order all the same.</summary>
    public bool FortranOrder { get; init; }

    /// <summary>Where the elements lie in the world, where the format says so; else null.</summary>
    public ArraySpace? Space { get; init; }

    /// <summary>Where the array is the highest of several resolutions (OME-Zarr, TIFF): each of them, this one first; else empty.</summary>
    public IReadOnlyList<ArrayLevel> Levels { get; init; } = [];

    /// <summary>Names of the codecs, for people.</summary>
    public IReadOnlyList<string> Codecs { get; init; } = [];

    /// <summary>Size of all elements in bytes, uncompressed.</summary>
    public long ByteCount => checked(Shape.Volume * Type.Size());
}
