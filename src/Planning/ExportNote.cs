using System.Text.Json;
using Upweave.Contracts;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Planning;

/// <summary>
/// What a finished export has staged. A tile's blocks follow from the plan; those of a picture from its encoder, so their list alone does
/// not say whether the store has lost any at the end. Written when the last of them is durable.
/// </summary>
/// <param name="Blocks">How many there are.</param>
/// <param name="Bytes">Of all of them.</param>
public sealed record ExportNote(int Blocks, long Bytes)
{
    private const int NoteBytesMax = 256;

    /// <summary>Notes that an export is complete.</summary>
    /// <param name="blocks">In order.</param>
    public static async ValueTask WriteAsync(
        StoreLocation output, string planHash, IReadOnlyList<StagedBlock> blocks, CancellationToken cancellationToken)
    {
        ExportNote note = new(blocks.Count, blocks.Sum(block => (long)block.Length));
        await output.Store.WriteAsync(
            JobPaths.Export(output.Path, planHash), JsonSerializer.SerializeToUtf8Bytes(note, ContractJson.Options), WriteCondition.Always,
            cancellationToken);
    }

    /// <summary>The blocks of a complete export, in order.</summary>
    /// <exception cref="BlocksMissingException">The store has not all that was staged.</exception>
    public static async ValueTask<IReadOnlyList<StagedBlock>> FindAsync(
        StoreLocation output, string planHash, CancellationToken cancellationToken)
    {
        ExportNote? note = await ReadAsync(output, planHash, cancellationToken);
        IReadOnlyList<StagedBlock> staged = await output.Store.StageFile(output.Path, planHash).ListAsync(cancellationToken);
        StagedBlock[] blocks = [.. staged.OrderBy(block => block.Index)];
        return note is not null && note.IsOf(blocks) ? blocks : throw new BlocksMissingException(
            note is null
                ? $"The export of '{output.Path}' is not complete."
                : $"{blocks.Length} of {note.Blocks} blocks of '{output.Path}' are there.");
    }

    /// <returns>Null when there is none that can be read: nobody knows that the export is complete.</returns>
    private static async ValueTask<ExportNote?> ReadAsync(StoreLocation output, string planHash, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[NoteBytesMax];
        try
        {
            return await output.Store.ReadAllAsync(JobPaths.Export(output.Path, planHash), bytes, cancellationToken)
                is { Length: <= NoteBytesMax } info
                ? JsonSerializer.Deserialize<ExportNote>(bytes.AsSpan(0, (int)info.Length), ContractJson.Options)
                : null;
        }
        catch (Exception error) when (error is JsonException or ObjectChangedException)
        {
            return null; // another export is at work, or was interrupted
        }
    }

    private bool IsOf(StagedBlock[] blocks)
    {
        long offset = 0;
        for (int index = 0; index < blocks.Length; index++)
        {
            if (blocks[index].Index != index || blocks[index].Offset != offset)
                return false;
            offset += blocks[index].Length;
        }

        return blocks.Length == Blocks && offset == Bytes && Blocks > 0;
    }
}
