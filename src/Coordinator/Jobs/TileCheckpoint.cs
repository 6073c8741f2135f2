using Microsoft.Extensions.Logging;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// The bitmap of done tiles, saved now and then. The store's own list decides what is done; what the checkpoint had and
/// the store lacks was lost, which somebody should know.
/// </summary>
public sealed class TileCheckpoint(StoreLocation output, string planHash, JobEnvironment environment)
{
    /// <summary>Shortest time between two saves.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly string path = JobPaths.Checkpoint(output.Path, planHash);
    private long saved = environment.Time.GetTimestamp();

    /// <summary>Warns of tiles that were done once and are not in the store any more.</summary>
    public async ValueTask CompareAsync(TileSet done, CancellationToken cancellationToken)
    {
        if (await output.Store.StatAsync(path, cancellationToken) is not { } info)
            return;
        byte[] before = new byte[info.Length];
        await output.Store.ReadAsync(path, 0, before, info.ETag, cancellationToken);
        byte[] now = done.ToBytes();
        long lost = before.Length == now.Length
            ? before.Zip(now).Sum(pair => (long)byte.PopCount((byte)(pair.First & ~pair.Second)))
            : 0;
        CoordinatorTelemetry.CountFinding("lost", lost);
        if (lost > 0)
            environment.Log.LogWarning("{Lost} tiles that were done are gone from the store; they are computed again.", lost);
    }

    /// <summary>Saves, unless it was done a moment ago.</summary>
    public async ValueTask SaveAsync(TileSet done, CancellationToken cancellationToken)
    {
        if (environment.Time.GetElapsedTime(saved) < Interval)
            return;
        saved = environment.Time.GetTimestamp();
        await output.Store.WriteAsync(path, done.ToBytes(), WriteCondition.Always, cancellationToken);
    }
}
