using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Arrays;

/// <summary>
/// What made an output, in <c>OUTPUT.upweave.json</c> beside it, for formats without a place for it. It is written just before the output
/// is published, so an output of a job never lacks it. Where the output is published without one (a plain copy), one that an
/// earlier output left is removed: it would tell of another file.
/// </summary>
/// <param name="content">An object in JSON; null: nothing is known.</param>
public sealed class ProvenanceFile(IObjectStore store, string output, string? content)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly string path = PathOf(output);
    private readonly byte[]? bytes = content is null
        ? null
        : Encoding.UTF8.GetBytes(JsonNode.Parse(content)!.ToJsonString(Indented) + "\n");

    /// <summary>Where it lies.</summary>
    public static string PathOf(string output) => output + ".upweave.json";

    /// <summary>Puts it beside an output that is about to be published.</summary>
    /// <param name="condition">The output's own: where it does not hold, what lies there is somebody else's.</param>
    /// <returns>False when the condition does not hold.</returns>
    public async ValueTask<bool> WriteAsync(WriteCondition condition, CancellationToken cancellationToken)
    {
        bool isThere = await store.StatAsync(output, cancellationToken) is not null;
        if (isThere ? condition.MustBeAbsent : condition.ETag is not null)
            return false;
        if (bytes is null)
            await store.DeleteAsync(path, cancellationToken);
        else
            await store.WriteAsync(path, bytes, WriteCondition.Always, cancellationToken);
        return true;
    }

    /// <summary>Removes this very one, and no other's.</summary>
    public async ValueTask RemoveAsync(CancellationToken cancellationToken)
    {
        if (bytes is null)
            return;
        byte[] stored = new byte[bytes.Length];
        if (await store.ReadAllAsync(path, stored, cancellationToken) is { } found
            && found.Length == bytes.Length && stored.AsSpan().SequenceEqual(bytes))
        {
            await store.DeleteAsync(path, cancellationToken);
        }
    }
}
