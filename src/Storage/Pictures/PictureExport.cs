using NetVips;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Pictures;

/// <summary>
/// Encodes an array as a PNG or a JPEG, from top to bottom, since these cannot be written by box. Pixels are streamed:
/// memory is a row of chunks, some rows and a block of the file (see <see cref="PeakBytes"/>); no temporary file is
/// made.
/// </summary>
public static class PictureExport
{
    /// <summary>The most pixels on a side of a JPEG, whose header has 16 bits for it.</summary>
    private const long JpegSideMax = 65_535;

    private static readonly ElementType[] Types = [ElementType.UInt8, ElementType.UInt16];

    /// <summary>
    /// Everything that keeps an array from being a picture, each with a hint; empty when nothing does.
    /// </summary>
    /// <param name="path">For messages.</param>
    /// <param name="shape">[C,H,W] with 1 to 4 channels, or [H,W].</param>
    public static IReadOnlyList<string> Check(string path, Dims shape, ElementType type)
    {
        if (PictureFormats.IsJpeg(path))
            return CheckJpeg(path, shape, type);
        List<string> problems = [];
        if (!Types.Contains(type))
        {
            problems.Add($"{path}: PNG holds {string.Join(", ", Types.Select(ElementTypes.Name))}, not {type.Name()}. "
                + $"hint: --dtype {Types[0].Name()} or {Types[1].Name()}, or write .tif, .npy or .zarr");
        }

        if (shape.Count is not (2 or 3) || shape.Any(extent => extent < 1) || (shape.Count == 3 && shape[0] > 4))
        {
            problems.Add($"{path}: a picture is [H,W] or [C,H,W] with 1 to 4 channels, not {shape}. hint: write .tif, .npy or .zarr");
            return problems;
        }

        if (shape[^2] > PictureLimits.MaxPixels / shape[^1])
        {
            problems.Add($"{path}: a picture of {shape[^1]} x {shape[^2]} pixels has more than {PictureLimits.MaxPixels}. "
                + "hint: write .tif or .zarr, which are written by box");
        }
        else if (shape[^2] > PictureLimits.MaxSide || checked(shape.Volume * type.Size()) / shape[^2] > PictureLimits.MaxSide)
        {
            problems.Add($"{path}: a picture of {shape} has more than {PictureLimits.MaxSide} rows, or bytes in a row. "
                + "hint: write .tif, .npy or .zarr");
        }

        return problems;
    }

    private static List<string> CheckJpeg(string path, Dims shape, ElementType type)
    {
        List<string> problems = [];
        if (type != ElementType.UInt8)
            problems.Add($"{path}: JPEG holds uint8, not {type.Name()}. hint: --dtype uint8, or write .png, .tif, .npy or .zarr");
        bool isPicture = shape.Count == 2 || (shape.Count == 3 && shape[0] is 1 or 3);
        if (!isPicture || shape.Any(extent => extent < 1))
        {
            problems.Add($"{path}: a JPEG is [H,W] or [C,H,W] with 1 or 3 channels, not {shape}. hint: write .png, .tif, .npy or .zarr");
        }
        else if (Math.Max(shape[^1], shape[^2]) > JpegSideMax)
        {
            problems.Add($"{path}: a JPEG has at most {JpegSideMax} pixels on a side, not {shape[^1]} x {shape[^2]}. "
                + "hint: write .tif or .zarr");
        }

        return problems;
    }

    /// <summary>
    /// Encodes the array into staged blocks; the caller commits exactly those. Running again is harmless.
    /// </summary>
    /// <param name="source">An array that passes <see cref="Check"/>.</param>
    /// <param name="owner">See <see cref="IObjectStore.StageFile"/>.</param>
    /// <param name="progress">The share of rows done, up to 1.</param>
    /// <returns>The blocks of the picture, in order.</returns>
    /// <exception cref="InvalidArrayException"><see cref="Check"/> finds a problem, or the picture cannot be
    /// encoded.</exception>
    public static async Task<IReadOnlyList<StagedBlock>> RunAsync(
        IArrayReader source,
        IObjectStore store,
        string path,
        string owner,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<string> problems = Check(path, source.Info.Shape, source.Info.Type);
        if (problems.Count > 0)
            throw new InvalidArrayException(string.Join(" ", problems));
        IStagedFile file = store.StageFile(path, owner);
        IReadOnlyList<StagedBlock> blocks = await VipsThread.RunAsync(
            () => Encode(source, file, path, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        progress?.Report(1);
        return blocks;
    }

    /// <summary>The most bytes that <see cref="RunAsync"/> holds beside what the reader does.</summary>
    public static long PeakBytes(ArrayInfo source)
    {
        PictureShape shape = PictureShape.Of(source);
        long strip = checked(ArraySource.RowsPerStrip(source) * shape.RowBytes);
        return checked(strip + PictureEncoder.PeakBytes(shape) + StagedTarget.BlockBytes);
    }

    private static IReadOnlyList<StagedBlock> Encode(
        IArrayReader array, IStagedFile file, string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using ArraySource source = new(array, progress, cancellationToken);
        using StagedTarget target = new(file, cancellationToken);
        try
        {
            PictureEncoder.Encode(source, target.Native, PictureFormats.IsJpeg(path));
            source.ThrowIfFailed();
            target.ThrowIfFailed();
        }
        catch (VipsException exception)
        {
            source.ThrowIfFailed();
            target.ThrowIfFailed();
            throw new InvalidArrayException(
                $"{path}: the picture cannot be encoded: {VipsErrors.Reason(exception)}.", inner: exception);
        }

        return target.Complete();
    }
}
