using System.IO.Compression;
using System.IO.Hashing;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Npy;

/// <summary>
/// Finds an array in an .npz, which is a zip of .npy files. One that numpy's <c>savez</c> stored as it is can be read by range,
/// at any size; one that <c>savez_compressed</c> deflated is decoded into memory, within a bound.
/// </summary>
internal static class NpzMember
{
    /// <summary>The largest compressed member that is read, in decoded bytes.</summary>
    public const long DecodedBytesMax = 256 << 20;

    private const int BufferBytes = 64 << 10;

    /// <summary>The end record alone; .NET's reader fails in its own way on less.</summary>
    private const int ZipBytesMin = 22;

    /// <summary>The bytes of the member's .npy.</summary>
    /// <param name="member">Its name, with or without <c>.npy</c>; null where the archive has only one.</param>
    /// <param name="name">Names the archive in messages.</param>
    /// <exception cref="InvalidArrayException">There is no such member, it is damaged, or it is compressed and too large.</exception>
    public static async ValueTask<IByteSource> OpenAsync(
        IObjectStore store, ObjectInfo info, string? member, string name, CancellationToken cancellationToken)
    {
        if (info.Length < ZipBytesMin)
            throw new InvalidArrayException($"The archive '{name}' cannot be read: {info.Length} bytes are no zip file.");
        try
        {
            await using BufferedStream stream = new(new StoreStream(store, info), BufferBytes);
            await using ZipArchive archive = await ZipArchive.CreateAsync(
                stream, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            ZipArchiveEntry entry = Find(archive, member, name);
            if (entry.CompressedLength != entry.Length)
                return await DecodeAsync(entry, name, cancellationToken);
            long start = await FindStartAsync(entry, stream, cancellationToken);
            return new ObjectSource(store, info, start, entry.Length);
        }
        catch (Exception malformed) when (malformed
            is InvalidDataException or EndOfStreamException or ArgumentException or OverflowException or NotSupportedException)
        {
            // The last three are what .NET's reader says of offsets and sizes that make no sense.
            throw new InvalidArrayException($"The archive '{name}' cannot be read: {malformed.Message}", null, malformed);
        }
    }

    private static ZipArchiveEntry Find(ZipArchive archive, string? member, string name)
    {
        List<ZipArchiveEntry> entries = [.. archive.Entries.Where(entry => member is null
            || entry.FullName == member || entry.FullName == member + ".npy")];
        string names = string.Join(", ", archive.Entries.Select(entry => WithoutSuffix(entry.FullName)).Take(100));
        if (entries.Count == 0)
        {
            throw new InvalidArrayException(
                member is null ? $"The archive '{name}' is empty." : $"The archive '{name}' has no member '{member}'.",
                $"its members are: {names}");
        }

        return entries.Count == 1
            ? entries[0]
            : throw new InvalidArrayException(
                $"The archive '{name}' has {entries.Count} members to choose from.", $"add #name, one of: {names}");
    }

    private static string WithoutSuffix(string entry) =>
        entry.EndsWith(".npy", StringComparison.Ordinal) ? entry[..^4] : entry;

    /// <summary>
    /// Where a stored member's bytes begin: the archive class does not say, but reading the first of them moves the
    /// stream just past it. That it is an .npy is checked next, by its magic bytes.
    /// </summary>
    private static async ValueTask<long> FindStartAsync(
        ZipArchiveEntry entry, BufferedStream stream, CancellationToken cancellationToken)
    {
        await using Stream content = await entry.OpenAsync(cancellationToken);
        await content.ReadExactlyAsync(new byte[1], cancellationToken);
        return stream.Position - 1;
    }

    private static async ValueTask<MemorySource> DecodeAsync(
        ZipArchiveEntry entry, string name, CancellationToken cancellationToken)
    {
        if (entry.Length > DecodedBytesMax)
        {
            throw new InvalidArrayException(
                $"'{entry.FullName}' of '{name}' is compressed and has {entry.Length} bytes; at most {DecodedBytesMax} are decoded.",
                "write it with numpy's save or savez, which do not compress");
        }

        byte[] bytes = new byte[entry.Length];
        await using Stream content = await entry.OpenAsync(cancellationToken);
        int length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        bool hasMore = await content.ReadAsync(new byte[1], cancellationToken) > 0;
        if (length != bytes.Length || hasMore || Crc32.HashToUInt32(bytes) != entry.Crc32)
            throw new InvalidArrayException($"'{entry.FullName}' of '{name}' is not what its checksum and length say.");
        return new MemorySource(bytes);
    }
}
