using Upweave.Storage.Stores;

namespace Upweave.Storage.Arrays;

/// <summary>A run of bytes that can be read from any place: an object, a part of one, or memory. Safe for concurrent use.</summary>
internal interface IByteSource
{
    long Length { get; }

    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);
}

/// <summary>A range of a pinned object.</summary>
/// <param name="Start">Where the range begins in the object.</param>
internal sealed record ObjectSource(IObjectStore Store, ObjectInfo Info, long Start, long Length) : IByteSource
{
    public ObjectSource(IObjectStore store, ObjectInfo info)
        : this(store, info, 0, info.Length)
    {
    }

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        Store.ReadAsync(Info.Path, Start + offset, destination, Info.ETag, cancellationToken);
}

/// <summary>Bytes in memory.</summary>
internal sealed record MemorySource(ReadOnlyMemory<byte> Bytes) : IByteSource
{
    public long Length => Bytes.Length;

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Bytes.Slice((int)offset, destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }
}
