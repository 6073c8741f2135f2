using System.Text.Json;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Parses the <c>zarr.json</c> of an array. What it does not understand is an error that names it, as the specification asks:
/// guessing would give wrong elements.
/// </summary>
internal sealed class ZarrMetadataReader
{
    private static readonly string[] KnownMembers =
    [
        "zarr_format", "node_type", "shape", "data_type", "chunk_grid", "chunk_key_encoding", "fill_value", "codecs",
        "attributes", "dimension_names", "storage_transformers",
    ];

    private readonly JsonElement root;
    private readonly string name;

    private ZarrMetadataReader(JsonElement root, string name)
    {
        this.root = root;
        this.name = name;
    }

    /// <param name="root">The whole object.</param>
    /// <param name="name">Names the array in messages.</param>
    /// <exception cref="InvalidArrayException">It is malformed or asks for something that is not supported.</exception>
    public static ZarrArray Parse(JsonElement root, string name) => new ZarrMetadataReader(root, name).Read();

    private ZarrArray Read()
    {
        if (root.ValueKind != JsonValueKind.Object || Member("zarr_format") is not { ValueKind: JsonValueKind.Number } format
            || !format.TryGetInt32(out int version) || version != 3)
        {
            throw Fault("is not zarr version 3");
        }

        CheckMembers();
        string typeName = NameOf(Member("data_type"), "data_type");
        ElementType type = ElementTypes.Parse(typeName)
            ?? throw Fault($"has the data type '{typeName}', which is not supported", $"supported are {ElementTypes.AllNames}");
        Dims shape = Numbers(Member("shape"), "shape");
        Dims stored = StoredShape();
        ZarrRules.CheckSizes(shape, stored, type, name);
        (ZarrChain chain, ZarrSharding? sharding) = ZarrChainReader.Parse(Member("codecs"), stored, type, name);
        return new ZarrArray
        {
            Format = "zarr v3",
            Shape = shape,
            Type = type,
            Keys = Keys(),
            Chain = chain,
            Sharding = sharding,
            Fill = Member("fill_value") is { } fill && ZarrFill.Parse(fill, type) is { } bytes
                ? bytes
                : throw Fault($"has a fill_value that is not a {type.Name()}"),
            DimensionNames = DimensionNames(shape.Count),
        };
    }

    private void CheckMembers()
    {
        if (Text(Member("node_type")) != "array")
            throw Fault("is not a zarr array");
        foreach (JsonProperty member in root.EnumerateObject().Where(member => !KnownMembers.Contains(member.Name)))
        {
            bool isOptional = member.Value.ValueKind == JsonValueKind.Object
                && member.Value.TryGetProperty("must_understand", out JsonElement must) && must.ValueKind == JsonValueKind.False;
            if (!isOptional)
                throw Fault($"needs the extension '{member.Name}', which is not supported");
        }

        if (Member("storage_transformers") is { } transformers
            && (transformers.ValueKind != JsonValueKind.Array || transformers.GetArrayLength() > 0))
        {
            throw Fault("has storage_transformers, which are not supported");
        }
    }

    /// <summary>The shape of what is one object: a chunk, or a shard.</summary>
    private Dims StoredShape()
    {
        JsonElement? grid = Member("chunk_grid");
        string kind = NameOf(grid, "chunk_grid");
        if (kind != "regular")
            throw Fault($"has the chunk grid '{kind}'; only 'regular' is supported");
        return Numbers(ZarrJson.Configuration(grid, "chunk_shape"), "chunk_shape");
    }

    private ZarrChunkKeys Keys()
    {
        JsonElement? encoding = Member("chunk_key_encoding");
        string kind = NameOf(encoding, "chunk_key_encoding");
        if (kind is not ("default" or "v2"))
            throw Fault($"has the chunk key encoding '{kind}', which is not supported");
        JsonElement? separator = ZarrJson.Configuration(encoding, "separator");
        return separator is null
            ? new ZarrChunkKeys(kind == "default", kind == "default" ? '/' : '.')
            : Text(separator) is "/" or "."
                ? new ZarrChunkKeys(kind == "default", Text(separator)![0])
                : throw Fault("has a chunk key separator that is neither '/' nor '.'");
    }

    private string[]? DimensionNames(int rank)
    {
        if (Member("dimension_names") is not { ValueKind: JsonValueKind.Array } names)
            return null;
        if (names.GetArrayLength() != rank)
            throw Fault($"has {names.GetArrayLength()} dimension_names for {rank} axes");
        string[] texts = [.. names.EnumerateArray().Select(element => Text(element)).OfType<string>()];
        return texts.Length == rank ? texts : null;
    }

    private Dims Numbers(JsonElement? element, string what) => ZarrJson.Numbers(element)
        ?? throw Fault($"has a {what} that is not a list of at most {ZarrRules.RankMax} whole numbers from 1 on");

    private string NameOf(JsonElement? element, string what) => ZarrJson.Name(element) ?? throw Fault($"has no {what}");

    private JsonElement? Member(string member) => ZarrJson.Member(root, member);

    private static string? Text(JsonElement? element) => ZarrJson.Text(element);

    private InvalidArrayException Fault(string what, string? hint = null) => ZarrRules.Fault(name, what, hint);
}
