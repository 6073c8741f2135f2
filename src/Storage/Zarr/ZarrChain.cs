using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>
/// How a chunk is read: the chain of its codecs backwards. Elements in some order of axes and of bytes, then any number of codecs
/// from bytes to bytes.
/// </summary>
internal sealed record ZarrChain
{
    /// <summary>The chunk's shape, in the array's order of axes.</summary>
    public required Dims Chunk { get; init; }

    public required int ElementBytes { get; init; }

    /// <summary>Axis k of what is stored is axis <c>Order[k]</c> of the array; null where they are the same.</summary>
    public IReadOnlyList<int>? Order { get; init; }

    public bool BigEndian { get; init; }

    /// <summary>In the order of writing.</summary>
    public IReadOnlyList<ZarrByteCodec> Codecs { get; init; } = [];

    /// <summary>Bytes of a decoded chunk.</summary>
    public int ChunkBytes => checked((int)(Chunk.Volume * ElementBytes));

    /// <summary>Elements are stored as they are, little-endian: any range can be read.</summary>
    public bool IsPlain => Order is null && !BigEndian && Codecs.Count == 0;

    /// <summary>For people, in the order of writing.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. Order is null ? [] : new[] { $"transpose ({string.Join(",", Order)})" },
        BigEndian ? "bytes (big-endian)" : "bytes",
        .. Codecs.Select(codec => codec.Name),
    ];

    /// <summary>The most bytes that a chunk is taken to be stored in.</summary>
    public long StoredBytesMax => BytesMaxBefore(Codecs.Count);

    /// <summary>The most bytes that decoding takes beside the stored and the decoded chunk.</summary>
    public long ScratchBytes
    {
        get
        {
            long bytes = Order is null ? 0 : PooledBytes.Of(ChunkBytes);
            for (int place = 0; place < Codecs.Count; place++)
            {
                long length = BytesMaxBefore(place);
                bytes = checked(bytes + (NeedsTarget(place) ? PooledBytes.Of(length) : 0) + Codecs[place].ScratchBytes(length));
            }

            return bytes;
        }
    }

    /// <summary>A chain of elements stored as they are.</summary>
    public static ZarrChain Plain(Dims chunk, int elementBytes) => new() { Chunk = chunk, ElementBytes = elementBytes };

    /// <summary>Fills <paramref name="chunk"/> with the decoded elements, little-endian, in C order.</summary>
    /// <param name="name">Names the chunk in messages.</param>
    /// <exception cref="CorruptDataException">It does not decode, or to more or fewer bytes than a chunk has.</exception>
    public void Decode(ArraySegment<byte> stored, byte[] chunk, string name)
    {
        if (Order is null)
        {
            DecodeBytes(stored, chunk, name);
        }
        else
        {
            byte[] turned = ArrayPool<byte>.Shared.Rent(ChunkBytes);
            try
            {
                DecodeBytes(stored, new ArraySegment<byte>(turned, 0, ChunkBytes), name);
                Turn(Order, turned, chunk);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(turned);
            }
        }

        if (BigEndian)
            ByteOrder.Reverse(chunk, ElementBytes);
    }

    public static CorruptDataException WrongSize(string name, long expected, string found) =>
        new($"The chunk '{name}' has {found} bytes where its shape has {expected}.");

    private void DecodeBytes(ArraySegment<byte> stored, ArraySegment<byte> elements, string name)
    {
        List<byte[]> rented = [];
        try
        {
            ArraySegment<byte> content = stored;
            for (int place = Codecs.Count - 1; place >= 0; place--)
            {
                content = Codecs[place].Decode(content, NeedsTarget(place) ? Rent(place, rented) : elements, name);
            }

            if (content.Count != elements.Count)
                throw WrongSize(name, elements.Count, $"{content.Count}");
            if (content.Array != elements.Array)
                content.CopyTo(elements);
        }
        finally
        {
            rented.ForEach(array => ArrayPool<byte>.Shared.Return(array));
        }
    }

    /// <summary>What the first codec leaves is the chunk, and goes where that goes.</summary>
    private bool NeedsTarget(int place) => place > 0 && !Codecs[place].IsInPlace;

    private ArraySegment<byte> Rent(int place, List<byte[]> rented)
    {
        int length = checked((int)BytesMaxBefore(place));
        rented.Add(ArrayPool<byte>.Shared.Rent(length));
        return new ArraySegment<byte>(rented[^1], 0, length);
    }

    /// <summary>The most bytes that a codec of the chain is given when writing.</summary>
    private long BytesMaxBefore(int place) =>
        Codecs.Take(place).Aggregate((long)ChunkBytes, (length, codec) => codec.StoredBytesMax(length));

    private void Turn(IReadOnlyList<int> order, ReadOnlySpan<byte> stored, Span<byte> chunk)
    {
        long[] storedStrides = StridedCopy.Strides(Dims.Build(Chunk.Count, place => Chunk[order[place]]));
        long[] strides = new long[Chunk.Count];
        for (int place = 0; place < strides.Length; place++)
        {
            strides[order[place]] = storedStrides[place];
        }

        StridedCopy.Copy(Chunk.AsSpan(), stored, strides, chunk, StridedCopy.Strides(Chunk), ElementBytes);
    }
}
