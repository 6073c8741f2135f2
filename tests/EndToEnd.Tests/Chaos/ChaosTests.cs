using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Upweave.Coordinator.Housekeeping;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.Storage.Stores;

namespace Upweave.EndToEnd.Tests.Chaos;

/// <summary>
/// Everything at once: whatever is lost but the store, no job is, no byte is wrong, and nothing is left behind. <c>bench/chaos</c> runs
/// it for longer.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class ChaosTests
{
    private const int Side = 200;
    private const int Kernel = 31;

    /// <summary>For jobs to end once nothing breaks any more: workers that were cut off wait for a minute now and then.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Chaos_AnyFaults_LoseNothing()
    {
        double minutes = Number("UPWEAVE_CHAOS_MINUTES", 1);
        int seed = (int)Number("UPWEAVE_CHAOS_SEED", 20_261);
        StringBuilder report = new();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using TestFolder folder = new();
        (string hash, string layer) = await PrepareAsync(folder);
        await using ChaosFleet fleet = await ChaosFleet.StartAsync(cancellationToken);
        foreach (string file in new[] { "x.npy", "w.npy" })
        {
            StoreLocation place = fleet.Stores.Resolve("data/" + file);
            await place.Store.WriteAsync(place.Path, await File.ReadAllBytesAsync(folder.At(file), cancellationToken), WriteCondition.Always, cancellationToken);
        }

        ChaosFaults faults = new(fleet, seed);
        ChaosJobs jobs = new(fleet, seed, hash, layer);
        TileCounter tiles = new(fleet.Broker.AmqpUri);
        using CancellationTokenSource counting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task counted = tiles.RunAsync(counting.Token);
        stop.CancelAfter(TimeSpan.FromMinutes(minutes));
        end.CancelAfter(TimeSpan.FromMinutes(minutes) + Recovery);
        string? unfinished = null;
        try
        {
            await Task.WhenAll(faults.RunAsync(stop.Token, end.Token), jobs.RunAsync(stop.Token, end.Token)).WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            unfinished = $"Jobs had not ended {Recovery.TotalMinutes:0} minutes after the last fault.";
        }

        await counting.CancelAsync();
        await counted;
        await fleet.StopAsync(cancellationToken);
        StoreLocation results = fleet.Stores.Resolve("results/x") with { Path = "" };
        GarbageReport collected = await new GarbageCollector(TimeSpan.Zero, dryRun: false).RunAsync(results, cancellationToken);
        string[] orphans = [.. await OrphansAsync(fleet, jobs.Published)];

        report.AppendLine(CultureInfo.InvariantCulture, $"chaos: {minutes} minute(s), seed {seed}");
        report.AppendLine(CultureInfo.InvariantCulture, $"faults injected: {faults.Made.Values.Sum()}");
        foreach ((string kind, int count) in faults.Made)
        {
            report.AppendLine(CultureInfo.InvariantCulture, $"  {count,4} {kind}");
        }

        report.AppendLine(CultureInfo.InvariantCulture, $"tiles reported: {tiles.Reported}, of these again: {tiles.Again}");
        report.AppendLine(CultureInfo.InvariantCulture, $"jobs submitted: {jobs.Submitted}, completed {jobs.Completed}, cancelled {jobs.Cancelled}");
        report.AppendLine(CultureInfo.InvariantCulture, $"wrong bytes, failed or lost jobs: {jobs.Wrong.Count}");
        report.AppendLine(CultureInfo.InvariantCulture, $"removed by gc: {collected.Removed.Count}");
        report.AppendLine(CultureInfo.InvariantCulture, $"orphaned objects after gc: {orphans.Length}");
        foreach (string line in jobs.Wrong.Concat(orphans).Concat(unfinished is null ? [] : [unfinished]))
        {
            report.AppendLine("  " + line);
        }

        if (Environment.GetEnvironmentVariable("UPWEAVE_CHAOS_REPORT") is { Length: > 0 } kept)
            await File.WriteAllTextAsync(kept, report.ToString(), cancellationToken);
        bool isWell = jobs.Wrong.Count == 0 && orphans.Length == 0 && unfinished is null && jobs.Completed > 0 && faults.Made.Count > 3;
        if (!isWell)
        {
            await fleet.DisposeAsync();
            string logs = Path.Combine(Path.GetTempPath(), $"upweave-chaos-{seed}.log");
            await File.WriteAllLinesAsync(logs, fleet.Logs, cancellationToken);
            report.AppendLine(CultureInfo.InvariantCulture, $"what the processes said: {logs}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        Assert.True(isWell, report.ToString());
    }

    private static double Number(string variable, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out double number) ? number : otherwise;

    /// <summary>A picture, weights, and what an undisturbed run makes of them.</summary>
    private static async Task<(string Hash, string Layer)> PrepareAsync(TestFolder folder)
    {
        float[] weights = new TestRandom(7).Numbers(3 * 3 * Kernel * Kernel);
        folder.Write("w.npy", NpyArray.Float32([3, 3, Kernel, Kernel], [.. weights.Select(weight => (weight + 0.5f) / 1450)]));
        folder.Write("x.npy", NpyArray.RandomBytes(7, 3, Side, Side));
        await folder.SucceedAsync($"run x.npy y.npy --weights w.npy --pads {Kernel / 2} --dtype uint8");
        NpyArray result = folder.Read("y.npy");
        Assert.True(result.Bytes.Distinct().Count() > 50, "The result is too plain to show a mistake.");
        int pad = Kernel / 2;
        return (result.Sha256, $$"""{"weights":"data/w.npy","pads":[{{pad}},{{pad}},{{pad}},{{pad}}]}""");
    }

    /// <summary>What lies in the stores and belongs to no published output.</summary>
    private static async Task<List<string>> OrphansAsync(ChaosFleet fleet, IReadOnlyCollection<string> published)
    {
        List<string> orphans = [];
        foreach (string store in new[] { "data", "results" })
        {
            BlobContainerClient container = new(fleet.Azurite, $"{fleet.Prefix}-{store}");
            GetBlobsOptions all = new() { States = BlobStates.Uncommitted };
            await foreach (BlobItem blob in container.GetBlobsAsync(all, TestContext.Current.CancellationToken))
            {
                bool isKnown = store == "data"
                    ? blob.Name is "x.npy" or "w.npy" or "coordinator.lock"
                    : published.Any(output => blob.Name == output || blob.Name == output + ".upweave.json"
                        || blob.Name.StartsWith(output + "/", StringComparison.Ordinal));
                if (!isKnown)
                    orphans.Add($"{store}/{blob.Name} is left");
            }
        }

        return orphans;
    }
}
