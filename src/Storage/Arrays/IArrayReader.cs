using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>Reads boxes of one array. Safe for concurrent use.</summary>
public interface IArrayReader : IAsyncDisposable
{
    ArrayInfo Info { get; }

    /// <summary>
    /// Pins the content: opening the array with an identity taken earlier fails if it has changed since. ETag and length for
    /// a single object; the hash of its metadata and a time that chunks must not be younger than for zarr.
    /// </summary>
    string Identity { get; }

    /// <summary>Reads a box.</summary>
    /// <param name="box">Inside the array, not empty.</param>
    /// <param name="destination">Exactly the box's bytes: elements of <see cref="ArrayInfo.Type"/>, little-endian, C order.</param>
    /// <exception cref="ObjectChangedException">The array is not what it was when it was opened or pinned.</exception>
    /// <exception cref="CorruptDataException">Stored bytes contradict their format.</exception>
    ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>The order of bytes that <see cref="ReadStoredAsync"/> gives.</summary>
    bool StoredBigEndian => false;

    /// <summary>The same in the order of bytes in which it is stored: who converts elements anyway can turn them on the way.</summary>
    ValueTask ReadStoredAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken) =>
        ReadAsync(box, destination, cancellationToken);

    /// <summary>
    /// The most bytes that one <see cref="ReadAsync"/> of a box of this shape holds beside its destination (a raw
    /// and a decoded chunk, say).
    /// </summary>
    long ReadOverheadBytes(Dims boxShape);

    /// <summary>The most bytes that the reader keeps from one read to the next, for all who read.</summary>
    long KeptBytes => 0;
}
