using Upweave.Storage.Nifti;
using Upweave.Storage.Npy;
using Upweave.Storage.Onnx;
using Upweave.Storage.Stores;
using Upweave.Storage.Tensors;
using Upweave.Storage.Tiff;
using Upweave.Storage.Zarr;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>Opens arrays of every format that can be read by box.</summary>
public static class ArrayReaders
{
    /// <summary><see cref="IArrayReader.ReadOverheadBytes"/> of a zarr array that is yet to be written, not compressed.</summary>
    public static long PlainZarrOverheadBytes(Dims boxShape, Dims chunk, ElementType type) =>
        ZarrReader.ReadOverheadBytes(boxShape, ZarrChain.Plain(chunk, type.Size()));

    private const string Supported =
        ".npy, .nii, .tif, .npz, .safetensors, .onnx (path#name), or a folder with a zarr array or an OME-Zarr image";

    /// <summary>
    /// Opens <c>path</c> or <c>path#name</c> (a member of an .npz, .safetensors or .onnx; the number of a TIFF's level) for reading by box.
    /// </summary>
    /// <param name="identity">What <see cref="IArrayReader.Identity"/> was when the job was planned; null: pin it now.</param>
    /// <exception cref="InvalidArrayException">The array is missing, unreadable or of a kind that is not supported.</exception>
    /// <exception cref="ObjectChangedException">The array has changed since <paramref name="identity"/> was taken.</exception>
    public static async ValueTask<IArrayReader> OpenAsync(
        IStoreCatalog stores, string reference, string? identity, CancellationToken cancellationToken)
    {
        StoreLocation whole = stores.Resolve(reference);
        int mark = reference.LastIndexOf('#');
        bool asksForMember = mark > 0 && await whole.Store.StatAsync(whole.Path, cancellationToken) is null;
        return asksForMember
            ? await OpenAsync(stores.Resolve(reference[..mark]), reference[(mark + 1)..], reference, identity, cancellationToken)
            : await OpenAsync(whole, null, reference, identity, cancellationToken);
    }

    /// <summary>
    /// Opens a resolution of an OME-Zarr whose tiles are all written, and which is no array for others yet. Each chunk is read once.
    /// </summary>
    /// <param name="layout">Of the resolution.</param>
    public static async ValueTask<IArrayReader> OpenLevelAsync(
        IObjectStore store, OutputLayout layout, CancellationToken cancellationToken) =>
        await ZarrLevel.OpenAsync(store, layout, cancellationToken);

    /// <summary>What the reader of a resolution that is yet to be written will hold beside a box; never too little.</summary>
    public static long LevelHeldBytes(Dims boxShape, OutputLayout layout) => ZarrReader.HeldBytes(boxShape, layout);

    /// <summary>Opens the array at a place in a store.</summary>
    /// <inheritdoc cref="OpenAsync(IStoreCatalog, string, string, CancellationToken)"/>
    public static ValueTask<IArrayReader> OpenAsync(
        StoreLocation location, string? identity, CancellationToken cancellationToken) =>
        OpenAsync(location, null, location.Path, identity, cancellationToken);

    private static async ValueTask<IArrayReader> OpenAsync(
        StoreLocation location, string? member, string reference, string? identity, CancellationToken cancellationToken)
    {
        try
        {
            return await location.Store.StatAsync(location.Path, cancellationToken) is { } info
                ? await OpenFileAsync(location, info, member, reference, identity, cancellationToken)
                : await OpenFolderAsync(location, reference, identity, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or IOException)
        {
            throw new InvalidArrayException($"'{reference}' cannot be read: {unreadable.Message}", null, unreadable);
        }
    }

    private static async ValueTask<IArrayReader> OpenFileAsync(
        StoreLocation location,
        ObjectInfo info,
        string? member,
        string reference,
        string? identity,
        CancellationToken cancellationToken)
    {
        string current = $"{info.ETag}:{info.Length}";
        FileKind kind = await FileKinds.DetectAsync(location.Store, info, cancellationToken);
        if (kind == FileKind.Onnx)
        {
            // Elements may lie in a second file, which the identity pins as well.
            OnnxModel model = await OnnxModel.ReadAsync(location.Store, info, reference, cancellationToken);
            IArrayReader tensor = await model.OpenAsync(member, cancellationToken);
            CheckIdentity(reference, identity, tensor.Identity);
            return tensor;
        }

        CheckIdentity(reference, identity, current);
        if (member is not null && kind is not (FileKind.Zip or FileKind.SafeTensors or FileKind.Tiff))
        {
            throw new InvalidArrayException(
                $"'{reference}' asks for a member, and the file is no .npz, .safetensors, .onnx or .tif.", "leave out the part from # on");
        }

        switch (kind)
        {
            case FileKind.Npy:
                return await OpenNpyAsync(
                    new ObjectSource(location.Store, info), "npy", reference, current, cancellationToken);
            case FileKind.Zip:
                IByteSource source = await NpzMember.OpenAsync(location.Store, info, member, reference, cancellationToken);
                return await OpenNpyAsync(source, "npz", reference, current, cancellationToken);
            case FileKind.SafeTensors:
                return await SafeTensors.OpenAsync(location.Store, info, member, reference, current, cancellationToken);
            case FileKind.Tiff:
                return await TiffReader.OpenAsync(location.Store, info, member, reference, current, cancellationToken);
            case FileKind.Nifti:
                return await OpenNiftiAsync(location.Store, info, reference, current, cancellationToken);
            case FileKind.Gzip:
                throw new InvalidArrayException(
                    $"'{reference}' is compressed as a whole and cannot be read by box.",
                    CompressedNifti.IsInput(info.Path) ? "ingest it into an array first" : "decompress it with gunzip");
            case FileKind.Picture:
                throw new InvalidArrayException(
                    $"'{reference}' is a picture, which cannot be read by box.", "ingest it into an array first");
            default:
                throw new InvalidArrayException($"The format of '{reference}' is not known.", $"supported are {Supported}");
        }
    }

    private static void CheckIdentity(string reference, string? identity, string current)
    {
        if (identity is not null && identity != current)
            throw new ObjectChangedException($"'{reference}' has been changed since the job was planned.");
    }

    private static async ValueTask<IArrayReader> OpenNpyAsync(
        IByteSource source, string format, string reference, string identity, CancellationToken cancellationToken) =>
        new NpyReader(
            source, await NpyHeader.ReadAsync(source, reference, cancellationToken), format, identity);

    private static async ValueTask<IArrayReader> OpenNiftiAsync(
        IObjectStore store, ObjectInfo info, string reference, string identity, CancellationToken cancellationToken)
    {
        NiftiHeader header = await NiftiHeaderReader.ReadAsync(new ObjectSource(store, info), reference, cancellationToken);
        return new NiftiReader(new ObjectSource(store, info, header.DataOffset, header.DataBytes), header, identity);
    }

    private static async ValueTask<IArrayReader> OpenFolderAsync(
        StoreLocation location, string reference, string? identity, CancellationToken cancellationToken)
    {
        (IObjectStore store, string path) = location;
        if (await ZarrOpener.TryOpenAsync(store, path, reference, identity, cancellationToken) is { } zarr)
            return zarr;
        throw new InvalidArrayException($"There is no array at '{reference}'.", $"give the path of {Supported}");
    }
}
