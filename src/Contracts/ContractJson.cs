using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;

namespace Upweave.Contracts;

/// <summary>Specifications and plans as JSON.</summary>
public static class ContractJson
{
    /// <summary>The largest specification that is read, in bytes.</summary>
    public const int SpecificationBytesMax = 1 << 20;

    /// <summary>snake_case names, null fields left out, indented for people.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
    };

    /// <summary>
    /// The JSON Schema of a specification: names, types, what each field means and may be. A test keeps it equal to the records and to the
    /// planner's constants.
    /// </summary>
    public static string SpecificationSchema => ReadSchema();

    /// <summary>Reads a specification. What the types cannot hold is a problem; everything else is left to the planner.</summary>
    /// <returns>Null when a problem was added.</returns>
    public static JobSpecification? ReadSpecification(ReadOnlySpan<byte> json, ICollection<Problem> problems)
    {
        if (json.Length > SpecificationBytesMax)
        {
            problems.Add(new Problem("", $"The specification has {json.Length} bytes; at most {SpecificationBytesMax} are read."));
            return null;
        }

        try
        {
            JobSpecification? specification = JsonSerializer.Deserialize<JobSpecification>(json, Options);
            if (specification is null)
                problems.Add(new Problem("", "The specification is null.", "write a JSON object"));
            return specification;
        }
        catch (JsonException error)
        {
            string where = (error.Path ?? "$").TrimStart('$').TrimStart('.');
            long line = (error.LineNumber ?? 0) + 1;
            problems.Add(new Problem(where, $"Not a valid specification at line {line}: {error.Message}", "mend the JSON there"));
            return null;
        }
    }

    /// <summary>
    /// Identifies what a specification asks for, in 64 hexadecimal digits. How it is run (labels, priority, leave to
    /// overwrite) does not count.
    /// </summary>
    public static string Hash(JobSpecification specification) =>
        HashOf(specification with { Labels = null, Priority = null, Overwrite = null });

    /// <summary>Identifies a plan, in 32 hexadecimal digits; <see cref="JobPlan.Hash"/> itself does not count.</summary>
    public static string Hash(JobPlan plan) => HashOf(plan with { Hash = "" })[..32];

    private static string ReadSchema()
    {
        using Stream resource = typeof(ContractJson).Assembly.GetManifestResourceStream("job.schema.json")!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }

    private static string HashOf<T>(T value) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, Options)));
}
