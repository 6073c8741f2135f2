using System.Globalization;
using System.IO.Compression;
using Upweave.Tiling;
using ZstdSharp;

namespace Upweave.Storage.Tests.Zarr;

/// <summary>Writes zarr v3 arrays as the specification says, chunk by chunk and element by element.</summary>
internal sealed record ZarrFolder
{
    public required Sample Sample { get; init; }

    public required Dims Chunk { get; init; }

    /// <summary>none, zstd or gzip.</summary>
    public string Compression { get; init; } = "none";

    public bool BigEndian { get; init; }

    /// <summary>The value of chunk_key_encoding.</summary>
    public string KeyEncoding { get; init; } = """{"name": "default"}""";

    /// <summary>Separates the numbers of a key; preceded by c and itself in the default encoding.</summary>
    public char Separator { get; init; } = '/';

    public string Fill { get; init; } = "0";

    public string Extra { get; init; } = "";

    /// <summary>Axis k of what is stored is axis [k] of the array: the codec transpose.</summary>
    public int[]? Order { get; init; }

    /// <summary>Each chunk is followed by its CRC-32C.</summary>
    public bool Checksum { get; init; }

    /// <summary>Shards, whole chunks each; null: every chunk is an object.</summary>
    public ZarrFolderShards? Shards { get; init; }

    public Dims ObjectShape => Shards?.Shape ?? Chunk;

    public string Json()
    {
        string compression = Compression switch
        {
            "none" => "",
            "zstd" => """, {"name": "zstd", "configuration": {"level": 1, "checksum": true}}""",
            _ => """, {"name": "gzip", "configuration": {"level": 5}}""",
        };
        string transpose = Order is null
            ? ""
            : $$$"""{"name": "transpose", "configuration": {"order": [{{{string.Join(",", Order)}}}]}}, """;
        string endian = BigEndian ? "big" : "little";
        string checksum = Checksum ? """, {"name": "crc32c"}""" : "";
        string codecs = $$$"""[{{{transpose}}}{"name": "bytes", "configuration": {"endian": "{{{endian}}}"} }{{{compression}}}{{{checksum}}}]""";
        return $$$"""
            {"zarr_format": 3, "node_type": "array", "shape": {{{Sample.Shape}}}, "data_type": "{{{Sample.Type.Name()}}}",
             "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": {{{ObjectShape}}} } }, "chunk_key_encoding": {{{KeyEncoding}}},
             "fill_value": {{{Fill}}}, "codecs": {{{Shards?.Codecs(Chunk, codecs) ?? codecs}}}{{{Extra}}}}
            """;
    }

    /// <param name="missing">Chunks of an object each, or shards, by number, that are not written.</param>
    public void Write(TestFolder folder, string path, params int[] missing)
    {
        folder.Write($"{path}/zarr.json", System.Text.Encoding.UTF8.GetBytes(Json()));
        Dims counts = Dims.Build(Chunk.Count, axis => (Sample.Shape[axis] + ObjectShape[axis] - 1) / ObjectShape[axis]);
        for (int number = 0; number < counts.Volume; number++)
        {
            Dims at = Sample.Unravel(number, counts);
            if (!missing.Contains(number))
                folder.Write($"{path}/{Key(at)}", Shards?.Encode(at, Chunk, EncodeChunk) ?? EncodeChunk(at));
        }
    }

    private byte[] EncodeChunk(Dims at)
    {
        byte[] stored = Compress(Elements(at));
        return Checksum ? ZarrFolderShards.WithChecksum(stored) : stored;
    }

    public string Key(Dims at)
    {
        string numbers = string.Join(Separator, at.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        return KeyEncoding.Contains("v2", StringComparison.Ordinal) ? numbers : $"c{Separator}{numbers}";
    }

    /// <summary>A chunk's elements; what lies beyond the array is arbitrary, and a reader must not look at it.</summary>
    private byte[] Elements(Dims at)
    {
        List<byte> bytes = [];
        for (long index = 0; index < Chunk.Volume; index++)
        {
            Dims turned = Sample.Unravel(index, Dims.Build(Chunk.Count, step => Chunk[Order?[step] ?? step]));
            Dims inChunk = Dims.Build(Chunk.Count, axis => turned[Order is null ? axis : Array.IndexOf(Order, axis)]);
            Dims element = Dims.Build(Chunk.Count, axis => (at[axis] * Chunk[axis]) + inChunk[axis]);
            bool isInside = Enumerable.Range(0, Chunk.Count).All(axis => element[axis] < Sample.Shape[axis]);
            bytes.AddRange(isInside
                ? Sample.Cut(new Box(element, Dims.Repeat(1, Chunk.Count)))
                : Enumerable.Repeat((byte)0xAB, Sample.ElementBytes));
        }

        return BigEndian ? Sample.Swap([.. bytes], Sample.ElementBytes) : [.. bytes];
    }

    public byte[] Compress(byte[] bytes)
    {
        switch (Compression)
        {
            case "zstd":
                using (Compressor compressor = new(1))
                {
                    return compressor.Wrap(bytes).ToArray();
                }

            case "gzip":
                using (MemoryStream compressed = new())
                {
                    using (GZipStream gzip = new(compressed, CompressionLevel.Optimal))
                    {
                        gzip.Write(bytes);
                    }

                    return compressed.ToArray();
                }

            default:
                return bytes;
        }
    }
}
