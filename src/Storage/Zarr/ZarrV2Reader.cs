using System.Text.Json;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>Parses the <c>.zarray</c> of an array of zarr version 2. What it does not understand is an error that names it.</summary>
internal sealed class ZarrV2Reader
{
    private const string Compressors = "supported are zlib, gzip, zstd, blosc, or none";

    private readonly JsonElement root;
    private readonly string name;

    private ZarrV2Reader(JsonElement root, string name)
    {
        this.root = root;
        this.name = name;
    }

    /// <param name="root">The whole object.</param>
    /// <param name="attributes">The array's <c>.zattrs</c>; null where there is none.</param>
    /// <param name="name">Names the array in messages.</param>
    /// <exception cref="InvalidArrayException">It is malformed or asks for something that is not supported.</exception>
    public static ZarrArray Parse(JsonElement root, JsonElement? attributes, string name) =>
        new ZarrV2Reader(root, name).Read(attributes);

    private ZarrArray Read(JsonElement? attributes)
    {
        if (Member("zarr_format") is not { ValueKind: JsonValueKind.Number } format || !format.TryGetInt32(out int version) || version != 2)
            throw Fault("is not zarr version 2, though its metadata is in a .zarray");
        string typeName = ZarrJson.Text(Member("dtype"))
            ?? throw Fault("has a dtype of several fields, or none", "elements of one number are supported");
        (ElementType type, bool bigEndian) = ZarrV2Type.Parse(typeName)
            ?? throw Fault($"has the dtype '{typeName}', which is not supported", "supported are b1, i1 to i8, u1 to u8, f2 to f8");
        Dims shape = Numbers("shape");
        Dims chunk = Numbers("chunks");
        ZarrRules.CheckSizes(shape, chunk, type, name);
        CheckFilters();
        return new ZarrArray
        {
            Format = "zarr v2",
            Shape = shape,
            Type = type,
            Keys = new ZarrChunkKeys(IsDefault: false, Separator()),
            Chain = new ZarrChain
            {
                Chunk = ZarrRules.CheckChunk(chunk, type, name),
                ElementBytes = type.Size(),
                Order = Order(shape.Count),
                BigEndian = bigEndian,
                Codecs = Compressor(),
            },
            Fill = Fill(type, bigEndian),
            DimensionNames = DimensionNames(attributes, shape.Count),
        };
    }

    /// <summary>Fortran order is the axes backwards.</summary>
    private int[]? Order(int rank) => ZarrJson.Text(Member("order")) switch
    {
        "C" => null,
        "F" => rank < 2 ? null : [.. Enumerable.Range(0, rank).Reverse()],
        _ => throw Fault("has an order that is neither 'C' nor 'F'"),
    };

    private ZarrByteCodec[] Compressor()
    {
        if (Member("compressor") is not { } compressor)
            throw Fault("does not say whether there is a compressor");
        if (compressor.ValueKind == JsonValueKind.Null)
            return [];
        return ZarrJson.Text(ZarrJson.Member(compressor, "id")) switch
        {
            "zlib" => [new ZarrDeflateCodec(IsZlib: true)],
            "gzip" => [new ZarrDeflateCodec(IsZlib: false)],
            "zstd" => [new ZarrZstdCodec()],
            "blosc" => [ZarrBloscCodec.Of(ZarrJson.Member(compressor, "cname"), name)],
            { } unknown => throw Fault($"uses the compressor '{unknown}', which is not supported", Compressors),
            null => throw Fault("has a compressor without an id", Compressors),
        };
    }

    private void CheckFilters()
    {
        if (Member("filters") is not { ValueKind: not JsonValueKind.Null } filters)
            return;
        if (filters.ValueKind != JsonValueKind.Array)
            throw Fault("has filters that are not a list");
        if (filters.GetArrayLength() > 0)
            throw Fault($"uses the filter '{ZarrJson.Text(ZarrJson.Member(filters[0], "id"))}'; filters are not supported");
    }

    private char Separator()
    {
        JsonElement? separator = Member("dimension_separator");
        if (separator is null or { ValueKind: JsonValueKind.Null })
            return '.';
        return ZarrJson.Text(separator) is "/" or "." ? ZarrJson.Text(separator)![0]
            : throw Fault("has a dimension_separator that is neither '/' nor '.'");
    }

    /// <summary>Without a value, what is not stored is undefined: 0 then.</summary>
    private byte[] Fill(ElementType type, bool bigEndian)
    {
        if (Member("fill_value") is not { ValueKind: not JsonValueKind.Null } fill)
            return new byte[type.Size()];
        return ZarrV2Type.ParseFill(fill, type, bigEndian) ?? throw Fault($"has a fill_value that is not a {type.Name()}");
    }

    /// <summary>xarray's names of the axes.</summary>
    private static string[]? DimensionNames(JsonElement? attributes, int rank)
    {
        if (attributes is not { } members || ZarrJson.Member(members, "_ARRAY_DIMENSIONS") is not { ValueKind: JsonValueKind.Array } names)
            return null;
        string[] texts = [.. names.EnumerateArray().Select(element => ZarrJson.Text(element)).OfType<string>()];
        return texts.Length == rank ? texts : null;
    }

    private Dims Numbers(string member) => ZarrJson.Numbers(Member(member))
        ?? throw Fault($"has {member} that are not a list of at most {ZarrRules.RankMax} whole numbers from 1 on");

    private JsonElement? Member(string member) => ZarrJson.Member(root, member);

    private InvalidArrayException Fault(string what, string? hint = null) => ZarrRules.Fault(name, what, hint);
}
