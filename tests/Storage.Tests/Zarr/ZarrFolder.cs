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

    public string Json()
    {
        string codec = Compression switch
        {
            "none" => "",
            "zstd" => """, {"name": "zstd", "configuration": {"level": 1, "checksum": true}}""",
            _ => """, {"name": "gzip", "configuration": {"level": 5}}""",
        };
        string endian = BigEndian ? "big" : "little";
        return $$$"""
            {"zarr_format": 3, "node_type": "array", "shape": {{{Sample.Shape}}}, "data_type": "{{{Sample.Type.Name()}}}",
             "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": {{{Chunk}}} } }, "chunk_key_encoding": {{{KeyEncoding}}},
             "fill_value": {{{Fill}}}, "codecs": [{"name": "bytes", "configuration": {"endian": "{{{endian}}}"} }{{{codec}}}]{{{Extra}}}}
            """;
    }

    /// <param name="missing">Chunks, by number, that are not written.</param>
    public void Write(TestFolder folder, string path, params int[] missing)
    {
        folder.Write($"{path}/zarr.json", System.Text.Encoding.UTF8.GetBytes(Json()));
        Dims counts = Dims.Build(Chunk.Count, axis => (Sample.Shape[axis] + Chunk[axis] - 1) / Chunk[axis]);
        for (int number = 0; number < counts.Volume; number++)
        {
            Dims at = Sample.Unravel(number, counts);
            if (!missing.Contains(number))
                folder.Write($"{path}/{Key(at)}", Compress(Elements(at)));
        }
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
            Dims inChunk = Sample.Unravel(index, Chunk);
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
