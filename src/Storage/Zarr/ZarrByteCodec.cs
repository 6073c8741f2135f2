namespace Upweave.Storage.Zarr;

/// <summary>A codec from bytes to bytes, in the direction of reading.</summary>
internal abstract record ZarrByteCodec
{
    /// <summary>Zarr's name, for people.</summary>
    public abstract string Name { get; }

    /// <summary>The result lies inside what is decoded: no other memory is written.</summary>
    public virtual bool IsInPlace => false;

    /// <summary>
    /// The most bytes that so many are taken to be stored in. Every encoder falls back to storing what it cannot compress, at less
    /// than 1/128 and some headers more.
    /// </summary>
    public virtual long StoredBytesMax(long length) => checked(length + (length / 128) + 1024);

    /// <summary>What decoding takes beside its content and its result of at most <paramref name="length"/> bytes.</summary>
    public virtual long ScratchBytes(long length) => 0;

    /// <param name="target">Holds the most bytes that there may be; unused where <see cref="IsInPlace"/>.</param>
    /// <param name="name">Names the chunk in messages.</param>
    /// <returns>The decoded bytes: the beginning of the target, or a part of the content.</returns>
    /// <exception cref="CorruptDataException">The content does not decode, or to more bytes than fit.</exception>
    public abstract ArraySegment<byte> Decode(ArraySegment<byte> content, ArraySegment<byte> target, string name);

    protected static ArraySegment<byte> Decoded(ArraySegment<byte> target, int length, string name) => length >= 0
        ? target[..length]
        : throw ZarrChain.WrongSize(name, target.Count, "more");
}
