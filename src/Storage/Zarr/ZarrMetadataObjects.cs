using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Zarr;

/// <summary>Reads the metadata objects of an array, and keeps the hash of all that were asked for, those that are missing too.</summary>
internal sealed class ZarrMetadataObjects(IObjectStore store) : IDisposable
{
    private const long BytesMax = 16 << 20;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The time, by the store's clock, before any of them was read; only taken where there is one.</summary>
    public DateTimeOffset? Time { get; private set; }

    /// <summary>SHA-256 of each object's length in 8 bytes (-1: there is none) and its content; begins anew then.</summary>
    public string TakeHash() => Convert.ToHexStringLower(hash.GetHashAndReset());

    /// <returns>The object in JSON; null when there is none.</returns>
    /// <exception cref="InvalidArrayException">It is not JSON, or too large.</exception>
    public async ValueTask<JsonElement?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (await store.StatAsync(path, cancellationToken) is not { } info)
        {
            AppendLength(-1);
            return null;
        }

        if (info.Length > BytesMax)
            throw new InvalidArrayException($"'{path}' has {info.Length} bytes; at most {BytesMax} of metadata are read.");
        Time ??= await store.GetTimeAsync(cancellationToken);
        byte[] json = new byte[info.Length];
        await store.ReadAsync(path, 0, json, info.ETag, cancellationToken);
        AppendLength(json.Length);
        hash.AppendData(json);
        return Parse(json, path);
    }

    public void Dispose() => hash.Dispose();

    private static JsonElement Parse(byte[] json, string path)
    {
        try
        {
            CheckTexts(json);
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new InvalidArrayException($"The metadata in '{path}' is not JSON: {malformed.Message}", null, malformed);
        }
    }

    /// <summary>Texts that are not Unicode would only be found when they are asked for.</summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    private static void CheckTexts(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                _ = reader.GetString();
        }
    }

    private void AppendLength(long length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        hash.AppendData(bytes);
    }
}
