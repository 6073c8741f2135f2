using Upweave.Storage.Stores;

namespace Upweave.Storage.Arrays;

/// <summary>
/// Writes the tiles of one output. A tile is done when its bytes are durable; writing it twice is harmless. Safe for
/// concurrent use.
/// </summary>
public interface IArrayWriter
{
    OutputLayout Layout { get; }

    /// <summary>Turns a tile's elements into the objects or blocks that hold them: the part that takes a core.</summary>
    /// <param name="tile">Its number in the grid.</param>
    /// <param name="elements">Exactly the tile's bytes, little-endian, C order; must stay as they are until the write has ended.</param>
    EncodedTile Encode(long tile, ReadOnlyMemory<byte> elements);

    /// <summary>
    /// Makes the output's place ready before the first tile is written, by which an array to be replaced may be gone. Again is
    /// harmless, also after a commit.
    /// </summary>
    /// <param name="condition">What <see cref="CommitAsync"/> will be asked.</param>
    /// <returns>False when it is known already that the condition does not hold.</returns>
    ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>Stores an encoded tile; durable on return.</summary>
    ValueTask WriteAsync(EncodedTile tile, CancellationToken cancellationToken);

    /// <summary>Marks every tile that is durable now in <paramref name="done"/> (one entry per tile).</summary>
    ValueTask FindDoneAsync(TileSet done, CancellationToken cancellationToken);

    /// <summary>Publishes the array, whose tiles are all done. Committing again after a success is harmless.</summary>
    /// <param name="condition">What must hold for the object that publishes it; see <see cref="ArrayWriters.PublishingPath"/>.</param>
    /// <returns>False when the condition does not hold.</returns>
    ValueTask<bool> CommitAsync(WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>True when this plan's array has been published.</summary>
    ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken);

    /// <summary>Removes everything staged for this plan.</summary>
    ValueTask DiscardAsync(CancellationToken cancellationToken);
}

/// <summary>A tile ready to be stored.</summary>
public sealed class EncodedTile : IDisposable
{
    private readonly Action? release;

    /// <param name="parts">What to store.</param>
    /// <param name="release">Gives rented memory back; called once.</param>
    public EncodedTile(long tile, IReadOnlyList<EncodedPart> parts, Action? release = null)
    {
        Tile = tile;
        Parts = parts;
        this.release = release;
    }

    public long Tile { get; }

    public IReadOnlyList<EncodedPart> Parts { get; }

    /// <summary>Bytes to store.</summary>
    public long ByteCount => Parts.Sum(part => (long)part.Content.Length);

    public void Dispose() => release?.Invoke();
}

/// <summary>One object or block of a tile.</summary>
/// <param name="Key">The part's key in a staged tree; empty for a block.</param>
/// <param name="Block">The block's place in a staged file; default for a part.</param>
public readonly record struct EncodedPart(string Key, StagedBlock Block, ReadOnlyMemory<byte> Content)
{
    /// <summary>A block without a place of its own; default where <see cref="Key"/> or <see cref="Block"/> says the place.</summary>
    public FloatingBlock Floating { get; init; }
}
