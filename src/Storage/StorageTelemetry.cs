using System.Diagnostics.Metrics;

namespace Upweave.Storage;

/// <summary>What storage counts (docs/telemetry.md): next to nothing while nobody listens.</summary>
public static class StorageTelemetry
{
    /// <summary>Counter, decoded chunks of inputs that somebody asked for.</summary>
    public const string ChunkRequests = "upweave.chunk_cache.requests";

    /// <summary>Whether the chunk was there: <c>hit</c> or <c>miss</c>.</summary>
    public const string ChunkResult = "upweave.chunk_cache.result";

    private static readonly Meter Meter = new("Upweave.Storage");

    private static readonly Counter<long> Chunks = Meter.CreateCounter<long>(
        ChunkRequests, "{request}", "Decoded chunks of inputs that tiles asked for, by whether they were there.");

    private static readonly KeyValuePair<string, object?> Hit = new(ChunkResult, "hit");

    private static readonly KeyValuePair<string, object?> Miss = new(ChunkResult, "miss");

    /// <summary>Both are there from the first request on, or their ratio would not be.</summary>
    internal static void CountChunk(bool isHit)
    {
        Chunks.Add(isHit ? 1 : 0, Hit);
        Chunks.Add(isHit ? 0 : 1, Miss);
    }
}
