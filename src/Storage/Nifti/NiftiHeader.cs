using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Nifti;

/// <summary>
/// What the header of a single-file NIfTI says (nifti1.h, nifti2.h). Elements are stored x fastest, then y, z, t and u: u is taken for
/// channels (<c>c</c>) and t for a batch (<c>n</c>), each an axis of the array where its extent is more than 1.
/// </summary>
internal sealed record NiftiHeader
{
    /// <summary>1 or 2.</summary>
    public required int Version { get; init; }

    public required bool BigEndian { get; init; }

    public required ElementType StoredType { get; init; }

    /// <summary>Spatial extents, outermost first.</summary>
    public required Dims Space { get; init; }

    /// <summary>Extent of t.</summary>
    public required long Batch { get; init; }

    /// <summary>Extent of u.</summary>
    public required long Channels { get; init; }

    /// <summary>Where the elements begin in the file, in bytes.</summary>
    public required long DataOffset { get; init; }

    /// <summary>Null where elements mean what is stored.</summary>
    public required NiftiScaling? Scaling { get; init; }

    public required ArraySpace Place { get; init; }

    public ElementType Type => Scaling is null ? StoredType : NiftiScaling.TypeOf(StoredType);

    public Dims Shape => Batches.Concat(ChannelsOnly).Concat(Space);

    /// <summary>The axes in the order in which they are stored: channels before batches.</summary>
    public Dims StoredShape => ChannelsOnly.Concat(Batches).Concat(Space);

    /// <summary>Channels and batches are stored the other way round than the array has them.</summary>
    public bool IsSwapped => Batch > 1 && Channels > 1;

    /// <summary>Size of the stored elements.</summary>
    public long DataBytes => checked(Shape.Volume * StoredType.Size());

    private Dims Batches => Batch > 1 ? [Batch] : [];

    private Dims ChannelsOnly => Channels > 1 ? [Channels] : [];

    /// <summary>What the array says of itself.</summary>
    /// <param name="codecs">What it is stored in beside its own order and scale.</param>
    public ArrayInfo Describe(params string[] codecs) => new()
    {
        Format = $"nifti-{Version}",
        Shape = Shape,
        Type = Type,
        Axes = (Batch > 1 ? "n" : "") + (Channels > 1 ? "c" : "") + "zyx"[^Space.Count..],
        Space = Place,
        Codecs =
        [
            .. codecs,
            .. BigEndian && StoredType.Size() > 1 ? ["big-endian"] : Array.Empty<string>(),
            .. Scaling is null ? Array.Empty<string>() : [$"{StoredType.Name()} {Scaling}"],
        ],
    };
}
