using NetVips;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Pictures;

/// <summary>
/// An open picture, upright and in one of our colour spaces. Rows are decoded as they are fetched. Made, used and
/// disposed on one thread.
/// </summary>
internal sealed class PictureDecoder : IDisposable
{
    /// <summary>
    /// Bytes that are best fetched at once. Each fetch allocates its result; above 85,000 bytes it would go to the
    /// large object heap, which is collected too late for a picture of many rows.
    /// </summary>
    public const int FetchBytes = 64 << 10;

    /// <summary>
    /// Above this size libvips keeps a picture that is not read in its own order in a temporary file.
    /// </summary>
    private const long SpillBytes = 100L << 20;

    /// <summary>
    /// Rows that the decoders and libvips's own caches hold at most, a row of large TIFF tiles included.
    /// </summary>
    private const long BufferedRows = 512;

    private readonly string path;
    private readonly StoreSource source;
    private readonly Image image;
    private Region? region;

    private PictureDecoder(string path, StoreSource source, Image image, ArrayInfo info)
    {
        this.path = path;
        this.source = source;
        this.image = image;
        Info = info;
    }

    public ArrayInfo Info { get; }

    /// <summary>See <see cref="PictureHeader.DecoderBytes"/>.</summary>
    public required long HeldBytes { get; init; }

    /// <summary>Opens a picture and reads its header.</summary>
    /// <exception cref="InvalidArrayException">It is not a picture that can be read.</exception>
    /// <exception cref="ObjectChangedException">It is not the object that was pinned.</exception>
    public static PictureDecoder Open(
        IObjectStore store, string path, PictureIdentity identity, CancellationToken cancellationToken)
    {
        PictureKind kind = Sniff(store, path, identity, cancellationToken);
        StoreSource source = new(store, path, identity, cancellationToken);
        Image? image = null;
        try
        {
            image = PictureLoader.Load(kind, source, topToBottom: true);
            PictureRules.Check(path, image);
            bool topToBottom = image.Orientation() <= 2;
            long held = PictureRules.HeldBytes(path, kind, image);
            if (!topToBottom)
            {
                image.Dispose();
                image = PictureLoader.Load(kind, source, topToBottom: false);
                held += Math.Min(SpillBytes, PictureRules.DecodedBytes(image));
            }

            image = Replace(image, image.Autorot());
            if (image.Interpretation == Enums.Interpretation.Cmyk)
                image = Replace(image, image.Colourspace(Enums.Interpretation.Srgb));
            ArrayInfo info = PictureRules.Describe(path, kind, image);
            long bufferedBytes = Math.Min(info.ByteCount, info.ByteCount / info.Shape[1] * BufferedRows);
            held += bufferedBytes + StoreSource.MaxWindowBytes;
            return new PictureDecoder(path, source, image, info) { HeldBytes = held };
        }
        catch (VipsException exception)
        {
            image?.Dispose();
            source.Dispose();
            source.ThrowIfFailed();
            throw new InvalidArrayException(
                $"{path}: the {kind.Name()} picture cannot be read: {VipsErrors.Reason(exception)}.",
                "check that the file is complete, or save it again as PNG or TIFF",
                exception);
        }
        catch
        {
            image?.Dispose();
            source.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Decodes whole rows: pixels from left to right, each all its channels. Rows must be asked for in order.
    /// </summary>
    /// <param name="pixels">Exactly the bytes of the rows.</param>
    /// <exception cref="CorruptDataException">The file is damaged or ends too early.</exception>
    public void Fetch(long top, int rows, Span<byte> pixels)
    {
        int pixelBytes = pixels.Length / rows / image.Width;
        int columns = rows == 1 ? Math.Max(1, FetchBytes / pixelBytes) : image.Width;
        try
        {
            region ??= Region.New(image);
            for (int left = 0; left < image.Width; left += columns)
            {
                byte[] part = region.Fetch(left, (int)top, Math.Min(columns, image.Width - left), rows);
                part.CopyTo(pixels[(left * pixelBytes)..]);
            }
        }
        catch (VipsException exception)
        {
            source.ThrowIfFailed();
            throw new CorruptDataException(
                $"{path}: the {Info.Format} picture is damaged or incomplete; rows {top} to {top + rows - 1} of "
                + $"{image.Height} cannot be decoded: {VipsErrors.Reason(exception)}.",
                exception);
        }

        source.ThrowIfFailed();
    }

    public void Dispose()
    {
        region?.Dispose();
        image.Dispose();
        source.Dispose();
    }

    private static Image Replace(Image old, Image image)
    {
        old.Dispose();
        return image;
    }

    private static PictureKind Sniff(
        IObjectStore store, string path, PictureIdentity identity, CancellationToken cancellationToken)
    {
        byte[] start = new byte[Math.Min(PictureKinds.SignatureBytes, identity.Length)];
        store.ReadAsync(path, 0, start, identity.ETag, cancellationToken).AsTask().GetAwaiter().GetResult();
        return PictureKinds.Of(start) ?? throw new InvalidArrayException(
            $"{path}: this is not a picture; it starts with {(start.Length == 0 ? "nothing" : Convert.ToHexString(start))}.",
            "pictures are PNG, JPEG, TIFF or WebP");
    }
}
