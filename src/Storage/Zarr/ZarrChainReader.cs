using System.Text.Json;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Parses the list of codecs of zarr v3: any <c>transpose</c>, then <c>bytes</c> with codecs from bytes to bytes behind it, or
/// <c>sharding_indexed</c> with such a list for its inner chunks.
/// </summary>
internal sealed class ZarrChainReader
{
    /// <summary>Longer lists are refused: each codec may take a chunk's memory.</summary>
    private const int CodecsMax = 8;

    private const string Supported = "supported are transpose, bytes, sharding_indexed, gzip, zlib, zstd, blosc and crc32c";

    private readonly ElementType type;
    private readonly string array;

    private ZarrChainReader(ElementType type, string array)
    {
        this.type = type;
        this.array = array;
    }

    /// <param name="codecs">The member <c>codecs</c>.</param>
    /// <param name="shape">The shape of what is stored as one object.</param>
    /// <param name="array">Names the array in messages.</param>
    /// <exception cref="InvalidArrayException">A codec is not supported; the message names it.</exception>
    public static (ZarrChain Chain, ZarrSharding? Sharding) Parse(JsonElement? codecs, Dims shape, ElementType type, string array)
    {
        ZarrChainReader reader = new(type, array);
        List<JsonElement> list = reader.List(codecs, "codecs");
        int[]? order = reader.TakeTransposes(list, shape);
        return ZarrJson.Name(list[0]) == "sharding_indexed"
            ? reader.Sharded(list, shape, order)
            : (reader.Chain(list, shape, order), null);
    }

    private (ZarrChain Chain, ZarrSharding? Sharding) Sharded(List<JsonElement> list, Dims shape, int[]? order)
    {
        if (list.Count > 1)
            throw Fault($"compresses whole shards with '{ZarrJson.Name(list[1])}', which is not supported");
        Dims Turn(Dims dims) => order is null ? dims : Dims.Build(dims.Count, step => dims[order[step]]);
        Dims stored = ZarrJson.Numbers(ZarrJson.Configuration(list[0], "chunk_shape")) is { } inner && inner.Count == shape.Count
            ? inner
            : throw Fault($"has inner chunks that are not {shape.Count} whole numbers from 1 on");
        Dims chunk = Unturn(stored, order);
        if (shape.Index().Any(axis => axis.Item % chunk[axis.Index] != 0))
            throw Fault($"has shards {Turn(shape)} that are not whole inner chunks {stored}");
        List<JsonElement> innerList = List(ZarrJson.Configuration(list[0], "codecs"), "codecs in its shards");
        int[]? innerOrder = TakeTransposes(innerList, stored);
        int[]? composed = innerOrder is null || order is null ? innerOrder ?? order : [.. innerOrder.Select(step => order[step])];
        if (ZarrJson.Name(innerList[0]) == "sharding_indexed")
            throw Fault("has shards in its shards, which are not supported");
        return (Chain(innerList, chunk, composed), Layout(list[0], shape, chunk, order));
    }

    private ZarrSharding Layout(JsonElement codec, Dims shape, Dims chunk, int[]? order)
    {
        List<JsonElement> index = List(ZarrJson.Configuration(codec, "index_codecs"), "index_codecs");
        if (ZarrJson.Name(index[0]) != "bytes" || index.Skip(1).Any(name => ZarrJson.Name(name) != "crc32c"))
        {
            throw Fault(
                $"has index_codecs {string.Join(", ", index.Select(codec => ZarrJson.Name(codec)))}",
                "supported are bytes, then crc32c or none");
        }

        JsonElement? location = ZarrJson.Configuration(codec, "index_location");
        if (location is not null && ZarrJson.Text(location) is not ("start" or "end"))
            throw Fault("has an index_location that is neither 'start' nor 'end'");
        ZarrSharding sharding = new()
        {
            Shape = shape,
            Chunk = chunk,
            Order = order,
            IndexAtStart = ZarrJson.Text(location) == "start",
            IndexBigEndian = BigEndian(index[0], sizeof(ulong)),
            Checksums = index.Count - 1,
        };
        try
        {
            if (sharding.IndexBytes <= ZarrSharding.IndexBytesMax)
                return sharding;
        }
        catch (OverflowException)
        {
            // More than the most, whatever they are.
        }

        throw Fault($"has more than {ZarrSharding.IndexBytesMax / (2 * sizeof(ulong))} inner chunks in a shard");
    }

    private ZarrChain Chain(List<JsonElement> list, Dims chunk, int[]? order)
    {
        if (ZarrJson.Name(list[0]) != "bytes")
            throw Fault($"uses the codec '{ZarrJson.Name(list[0])}' for elements, which is not supported", Supported);
        return new ZarrChain
        {
            Chunk = ZarrRules.CheckChunk(chunk, type, array),
            ElementBytes = type.Size(),
            Order = order,
            BigEndian = BigEndian(list[0], type.Size()),
            Codecs = [.. list.Skip(1).Select(ByteCodec)],
        };
    }

    /// <summary>Names with a prefix are zarr-python's, for codecs of version 2 in an array of version 3.</summary>
    private ZarrByteCodec ByteCodec(JsonElement codec) => ZarrJson.Name(codec) switch
    {
        "zstd" or "numcodecs.zstd" => new ZarrZstdCodec(),
        "gzip" or "numcodecs.gzip" => new ZarrDeflateCodec(IsZlib: false),
        "zlib" or "numcodecs.zlib" => new ZarrDeflateCodec(IsZlib: true),
        "crc32c" => new ZarrChecksumCodec(),
        "blosc" or "numcodecs.blosc" => ZarrBloscCodec.Of(ZarrJson.Configuration(codec, "cname"), array),
        "bytes" or "transpose" or "sharding_indexed" =>
            throw Fault($"has the codec '{ZarrJson.Name(codec)}' behind one from elements to bytes"),
        { } unknown => throw Fault($"uses the codec '{unknown}', which is not supported", Supported),
        null => throw Fault("has a codec without a name"),
    };

    /// <summary>Takes the leading codecs <c>transpose</c> off the list, which is not empty then.</summary>
    /// <returns>Axis k of what they give is axis [k] of what they are given; null where nothing is turned.</returns>
    private int[]? TakeTransposes(List<JsonElement> list, Dims shape)
    {
        int[]? order = null;
        while (list.Count > 0 && ZarrJson.Name(list[0]) == "transpose")
        {
            int[] next = ZarrJson.Configuration(list[0], "order") is { ValueKind: JsonValueKind.Array } numbers
                ? [.. numbers.EnumerateArray().Select(AxisOf)]
                : [];
            if (!next.Order().SequenceEqual(Enumerable.Range(0, shape.Count)))
                throw Fault($"has a codec 'transpose' whose order is not each of {shape.Count} axes once");
            order = order is null ? next : [.. next.Select(step => order[step])];
            list.RemoveAt(0);
        }

        if (list.Count == 0)
            throw Fault("has no codec from elements to bytes");
        return order is null || order.SequenceEqual(order.Order()) ? null : order;
    }

    private static int AxisOf(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int axis) ? axis : -1;

    private static Dims Unturn(Dims stored, int[]? order) =>
        order is null ? stored : Dims.Build(stored.Count, axis => stored[Array.IndexOf(order, axis)]);

    /// <summary>The byte order may be left out where elements have one byte.</summary>
    private bool BigEndian(JsonElement bytes, int elementBytes) => ZarrJson.Text(ZarrJson.Configuration(bytes, "endian")) switch
    {
        "big" => elementBytes > 1,
        "little" => false,
        null when elementBytes == 1 => false,
        _ => throw Fault("has a codec 'bytes' whose endian is neither 'little' nor 'big'"),
    };

    private List<JsonElement> List(JsonElement? codecs, string what)
    {
        if (codecs is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            throw Fault($"has no {what}");
        return list.GetArrayLength() <= CodecsMax
            ? [.. list.EnumerateArray()]
            : throw Fault($"has {list.GetArrayLength()} {what}; at most {CodecsMax} are supported");
    }

    private InvalidArrayException Fault(string what, string? hint = null) => ZarrRules.Fault(array, what, hint);
}
