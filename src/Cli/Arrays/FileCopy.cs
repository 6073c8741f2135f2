using System.Buffers;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>
/// Copies a file byte for byte between stores: how pictures, NIfTIs and weights get into a store as they are. Not for .npy, which is copied
/// by its elements: the copy is in C order and little-endian whatever the source is.
/// </summary>
internal static class FileCopy
{
    private static readonly string[][] Kinds = [[".png"], [".jpg", ".jpeg"], [".tif", ".tiff"], [".webp"], [".nii"], [".nii.gz"], [".npz"]];

    private const int BlockBytes = 4 << 20;

    /// <summary>What is on its way at the same time, or one larger block: while one is read, others are written.</summary>
    private const int BytesAtOnce = 16 << 20;

    /// <summary>More than a file has of blocks: what a store takes, less some room.</summary>
    private const int BlocksMax = 40_000;

    /// <summary>True when both are files of one kind that is copied as it is; a TIFF is no OME-TIFF.</summary>
    public static bool Suits(string source, string destination) =>
        Array.Exists(Kinds, kind => Has(source, kind) && Has(destination, kind)) && (!IsOmeTiff(destination) || IsOmeTiff(source));

    /// <summary>False for a file of several arrays.</summary>
    public static bool IsOneArray(string source) => !Has(source, [".npz"]);

    /// <returns>Size in bytes.</returns>
    /// <exception cref="InvalidArrayException">There is no source, or the condition does not hold.</exception>
    /// <exception cref="ObjectChangedException">The source changed while it was read.</exception>
    public static async Task<long> RunAsync(
        StoreLocation from, StoreLocation to, WriteCondition condition, CancellationToken cancellationToken)
    {
        ObjectInfo source = await from.Store.StatAsync(from.Path, cancellationToken)
            ?? throw new InvalidArrayException($"{from.Path}: there is no such file.", "check the path and its spelling");
        if (source.Length == 0)
            throw new InvalidArrayException($"{from.Path} is empty.", "give a file with an array or a picture");
        IStagedFile file = to.Store.StageFile(to.Path, owner: Guid.NewGuid().ToString("N"));
        try
        {
            List<StagedBlock> blocks = await StageAsync(from.Store, source, file, cancellationToken);
            ProvenanceFile none = new(to.Store, to.Path, content: null);
            if (!await none.WriteAsync(condition, cancellationToken) || !await file.CommitAsync(blocks, condition, cancellationToken))
                throw new InvalidArrayException($"{to.Path} appeared or changed while it was written.", "choose another destination");
            return source.Length;
        }
        finally
        {
            await file.DiscardAsync(CancellationToken.None);
            await SideFolder.RemoveAsync(to, CancellationToken.None);
        }
    }

    private static async Task<List<StagedBlock>> StageAsync(
        IObjectStore store, ObjectInfo source, IStagedFile file, CancellationToken cancellationToken)
    {
        int blockBytes = (int)Math.Min(source.Length, Math.Max(BlockBytes, (source.Length / BlocksMax) + 1));
        List<StagedBlock> blocks = [];
        for (long offset = 0; offset < source.Length; offset += blockBytes)
        {
            blocks.Add(new StagedBlock(blocks.Count, offset, (int)Math.Min(blockBytes, source.Length - offset)));
        }

        int atOnce = Math.Max(1, BytesAtOnce / blockBytes);
        ParallelOptions options = new() { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(blocks, options, async (block, cancelled) =>
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(block.Length);
            try
            {
                Memory<byte> content = buffer.AsMemory(0, block.Length);
                await store.ReadAsync(source.Path, block.Offset, content, source.ETag, cancelled);
                await file.StageAsync(block, content, cancelled);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        });
        return blocks;
    }

    private static bool IsOmeTiff(string path) => OutputFormats.OfPath(path) == OutputFormats.OmeTiff;

    private static bool Has(string path, string[] extensions) =>
        Array.Exists(extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
