using Upweave.Storage.Arrays;
using Upweave.Storage.Nifti;
using Upweave.Storage.Pictures;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Sequential;

/// <summary>
/// Files that cannot be read by box, since they are compressed as a whole: pictures and <c>.nii.gz</c>. They are ingested, from the
/// first element to the last, into scratch chunks, of which boxes are read then.
/// </summary>
public static class SequentialFiles
{
    /// <summary>Side of an ingested picture's chunks, in pixels: 1 MiB of 8-bit RGBA.</summary>
    private const long PictureChunk = 512;

    /// <summary>True for such a file; see <see cref="PictureInputs.NeedIngestAsync"/>.</summary>
    public static async ValueTask<bool> NeedIngestAsync(StoreLocation file, CancellationToken cancellationToken) =>
        CompressedNifti.IsInput(file.Path) || await PictureInputs.NeedIngestAsync(file, cancellationToken);

    /// <summary>Reads the header of such a file and pins it.</summary>
    /// <exception cref="InvalidArrayException">There is no such file, or it cannot be read as an array.</exception>
    /// <exception cref="CorruptDataException">It is damaged.</exception>
    /// <exception cref="ObjectChangedException">It changed while it was read.</exception>
    public static async ValueTask<SequentialHeader> ReadHeaderAsync(StoreLocation file, CancellationToken cancellationToken)
    {
        if (CompressedNifti.IsInput(file.Path))
            return await CompressedNifti.ReadHeaderAsync(file.Store, file.Path, cancellationToken);
        PictureHeader picture = await PictureHeader.ReadAsync(file.Store, file.Path, cancellationToken);
        return new SequentialHeader(picture.Info, picture.Identity, target => PictureIngest.PeakBytes(picture, target));
    }

    /// <summary>Where a file is ingested to: uncompressed chunks, in tiles that are complete one after the other.</summary>
    /// <param name="input">The file's path or reference.</param>
    /// <param name="axes">One letter per axis.</param>
    /// <param name="path">Where the scratch array goes.</param>
    /// <param name="owner">See <see cref="IObjectStore.StageTree"/>.</param>
    public static OutputLayout ScratchLayout(string input, Dims shape, ElementType type, string axes, string path, string owner)
    {
        (Dims tile, Dims chunk) = CompressedNifti.IsInput(input)
            ? RunLayout.Of(shape, axes.Count(letter => letter is 'n' or 'c'), type)
            : PictureLayout(shape);
        return new OutputLayout
        {
            Format = OutputFormat.Zarr,
            Path = path,
            Owner = owner,
            Shape = shape,
            Type = type,
            Axes = axes,
            Tile = tile,
            Chunk = chunk,
            Compression = Compression.None,
        };
    }

    /// <summary>Writes all tiles of <paramref name="target"/> that are not done yet. Does not commit. Running again is harmless.</summary>
    /// <param name="identity"><see cref="SequentialHeader.Identity"/>.</param>
    /// <param name="target">Of a <see cref="ScratchLayout"/>.</param>
    /// <param name="progress">The share done, up to 1.</param>
    /// <exception cref="CorruptDataException">The file is damaged or ends too early.</exception>
    /// <exception cref="InvalidArrayException">It cannot be read, or is not of the target's shape and type.</exception>
    /// <exception cref="ObjectChangedException">It is not the one that was pinned.</exception>
    public static Task IngestAsync(
        StoreLocation file, string identity, IArrayWriter target, IProgress<double>? progress, CancellationToken cancellationToken) =>
        CompressedNifti.IsInput(file.Path)
            ? CompressedNifti.IngestAsync(file.Store, file.Path, identity, target, progress, cancellationToken)
            : PictureIngest.RunAsync(file.Store, file.Path, identity, target, progress, cancellationToken);

    /// <summary>Rows of chunks that hold all channels.</summary>
    private static (Dims Tile, Dims Chunk) PictureLayout(Dims shape)
    {
        Dims chunk = [shape[0], Math.Min(PictureChunk, shape[^2]), Math.Min(PictureChunk, shape[^1])];
        return ([chunk[0], chunk[1], shape[^1]], chunk);
    }
}
