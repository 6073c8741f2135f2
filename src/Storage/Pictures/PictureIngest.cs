using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Pictures;

/// <summary>
/// Decodes a picture, from top to bottom, into the tiles of an array, since pictures cannot be read by box. Memory is
/// that of two rows of tiles (one is filled while the other is written) and of the decoder; see <see
/// cref="PeakBytes"/>.
/// </summary>
public static class PictureIngest
{
    private static readonly int WritesAtOnce = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>
    /// Writes all tiles of <paramref name="target"/> that are not done yet. Does not commit. Running again is harmless.
    /// </summary>
    /// <param name="identity"><see cref="PictureHeader.Identity"/>.</param>
    /// <param name="target">Of the picture's shape [C,H,W] and type.</param>
    /// <param name="progress">The share of rows done, up to 1.</param>
    /// <exception cref="CorruptDataException">The picture is damaged or ends too early.</exception>
    /// <exception cref="InvalidArrayException">The picture cannot be read, or is not of the target's shape and
    /// type.</exception>
    /// <exception cref="ObjectChangedException">The picture is not the one that was pinned.</exception>
    public static async Task RunAsync(
        IObjectStore store,
        string path,
        string identity,
        IArrayWriter target,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        PictureIdentity pinned = PictureIdentity.Parse(identity);
        TileSet done = new(target.Layout.Tiles().Count);
        await target.FindDoneAsync(done, cancellationToken).ConfigureAwait(false);
        await VipsThread.RunAsync(
            () =>
            {
                using PictureDecoder picture = PictureDecoder.Open(store, path, pinned, cancellationToken);
                Decode(path, picture, target, done, progress, cancellationToken);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The most bytes that <see cref="RunAsync"/> holds, the writer's encoded tiles included.</summary>
    public static long PeakBytes(PictureHeader header, OutputLayout target)
    {
        Dims tile = target.Tiles().Tile;
        long tileBytes = checked(tile.Volume * target.Type.Size());
        long tilesPerRow = target.Tiles().Counts[0] * target.Tiles().Counts[2];
        long strip = Math.Max(PictureDecoder.FetchBytes, target.Shape[0] * target.Shape[2] * target.Type.Size());
        return checked((((2 * tilesPerRow) + WritesAtOnce) * tileBytes) + (2 * strip) + header.DecoderBytes);
    }

    private static void Decode(
        string path,
        PictureDecoder picture,
        IArrayWriter target,
        TileSet done,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        Require(path, picture.Info, target.Layout);
        long height = picture.Info.Shape[1];
        byte[] strip = new byte[StripRows(picture.Info) * (picture.Info.ByteCount / height)];
        TileRow filling = new(target.Layout);
        TileRow writing = new(target.Layout);
        Task written = Task.CompletedTask;
        try
        {
            for (long top = 0, next; top < height; top = next)
            {
                next = top + Fill(picture, filling, top, strip, cancellationToken);
                written.GetAwaiter().GetResult();
                (filling, writing) = (writing, filling);
                written = WriteAsync(writing, target, done, cancellationToken);
                progress?.Report((double)next / height);
            }

            written.GetAwaiter().GetResult();
        }
        finally
        {
            // Where decoding failed, that is the error to report; the write only has to have ended.
            Task.WhenAny(written).GetAwaiter().GetResult();
        }
    }

    private static int Fill(PictureDecoder picture, TileRow row, long top, byte[] strip, CancellationToken cancellationToken)
    {
        int rows = row.Begin(top);
        int rowBytes = (int)(picture.Info.ByteCount / picture.Info.Shape[1]);
        int stripRows = strip.Length / rowBytes;
        for (int at = 0; at < rows; at += stripRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(stripRows, rows - at);
            Span<byte> pixels = strip.AsSpan(0, count * rowBytes);
            picture.Fetch(top + at, count, pixels);
            row.Take(pixels, top + at);
        }

        return rows;
    }

    private static long StripRows(ArrayInfo picture) =>
        Math.Max(1, PictureDecoder.FetchBytes / (picture.ByteCount / picture.Shape[1]));

    private static Task WriteAsync(TileRow row, IArrayWriter target, TileSet done, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            row.Tiles.Where(tile => !done.Contains(tile.Tile)).ToArray(),
            new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = cancellationToken },
            async (tile, token) =>
            {
                using EncodedTile encoded = target.Encode(tile.Tile, tile.Elements);
                await target.WriteAsync(encoded, token).ConfigureAwait(false);
            });

    private static void Require(string path, ArrayInfo picture, OutputLayout target)
    {
        if (picture.Shape != target.Shape || picture.Type != target.Type)
        {
            throw new InvalidArrayException(
                $"{path}: the picture is {picture.Type.Name()} {picture.Shape}, but was planned as {target.Type.Name()} {target.Shape}.",
                "plan the job again");
        }
    }
}
