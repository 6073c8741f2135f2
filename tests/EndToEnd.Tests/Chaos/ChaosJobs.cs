using System.Security.Cryptography;
using System.Text.Json;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tests.Schema;
using Upweave.Tiling;

namespace Upweave.EndToEnd.Tests.Chaos;

/// <summary>A stream of jobs, some at the same time; now and then one is cancelled, or paused for a while. Knows what each must give.</summary>
internal sealed class ChaosJobs(ChaosFleet fleet, int seed, string hash, string layer)
{
    /// <summary>Jobs at the same time.</summary>
    private const int AtOnce = 3;

    private static readonly (string Suffix, int Tile)[] Formats = [(".npy", 20), (".zarr", 64), (".tif", 64), (".ome.zarr", 64), (".nii", 20)];

    private readonly ChaosClient client = new(fleet.Broker.AmqpUri);
    private readonly Random random = new(seed);
    private readonly List<string> wrong = [];
    private readonly HashSet<string> published = [];
    private int number;

    /// <summary>Jobs that ended as completed, with the right bytes.</summary>
    public int Completed { get; private set; }

    public int Cancelled { get; private set; }

    public int Submitted => number;

    /// <summary>What is not as it must be, one line each.</summary>
    public IReadOnlyList<string> Wrong => wrong;

    /// <summary>The outputs that are there and right.</summary>
    public IReadOnlyCollection<string> Published => published;

    /// <summary>Submits jobs until it is told to stop, and sees each to its end.</summary>
    public Task RunAsync(CancellationToken stop, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => StreamAsync(stop, cancellationToken)));

    private async Task StreamAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        while (!stop.IsCancellationRequested)
        {
            int own;
            int choice;
            lock (random)
            {
                own = number++;
                choice = random.Next(100);
            }

            (string suffix, int tile) = Formats[own % Formats.Length];
            string output = $"results/job-{own}{suffix}";
            string end = await SeeToTheEndAsync(output, tile, isCancelled: choice < 12, isPaused: choice > 90, cancellationToken);
            await JudgeAsync(output, end, isCancelled: choice < 12, cancellationToken);
        }
    }

    private async Task<string> SeeToTheEndAsync(string output, int tile, bool isCancelled, bool isPaused, CancellationToken cancellationToken)
    {
        Guid id = Guid.NewGuid();
        string shape = tile == 20 ? "20" : $"{tile},{tile}";
        string specification =
            $$"""{"version":1,"input":"data/x.npy","output":"{{output}}","layers":[{{layer}}],"dtype":"uint8","tile":[{{shape}}]}""";
        JobSchema.AssertValid(specification);
        string question = $$"""{"job_id":"{{id}}"}""";
        bool isAccepted = false;
        for (int asked = 0; ; asked++)
        {
            (string type, JsonElement body)? answer = isAccepted
                ? await client.AskAsync("get-job", question, Guid.NewGuid(), cancellationToken)
                : await client.AskAsync("submit-job", specification, id, cancellationToken);
            if (answer is { type: "JobAccepted" })
            {
                isAccepted = true;
                if (isCancelled)
                    await client.AskAsync("cancel-job", question, Guid.NewGuid(), cancellationToken);
                else if (isPaused)
                    await client.AskAsync("pause-job", question, Guid.NewGuid(), cancellationToken);
            }
            else if (answer is { type: "JobStatus" } status && status.body.GetProperty("state").GetString() is { } state and not "running")
            {
                return state == "failed" ? $"failed: {status.body.GetProperty("reason").GetString()}" : state;
            }
            else if (answer is { type: "JobRejected" } rejected)
            {
                // The coordinator that knew how it ended is gone; or it could not look at the store; or it has ended.
                if (isAccepted)
                    return "forgotten";
                string why = rejected.body.GetRawText();
                if (why.Contains("exists", StringComparison.Ordinal))
                    return "forgotten";
            }

            if (isPaused && isAccepted && asked > 3)
                await client.AskAsync("resume-job", question, Guid.NewGuid(), cancellationToken);
            await ChaosFaults.PassAsync(TimeSpan.FromSeconds(1), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Whatever the end was, what lies there is all of it or nothing.</summary>
    private async Task JudgeAsync(string output, string end, bool isCancelled, CancellationToken cancellationToken)
    {
        string? found = await TryHashAsync(output, cancellationToken);
        lock (random)
        {
            if (found is not null)
                published.Add(output["results/".Length..]);
            if (found is not null && found != hash)
                wrong.Add($"{output}: wrong bytes ({end})");
            else if (end.StartsWith("failed", StringComparison.Ordinal) || (found is null && (end == "completed" || !isCancelled)))
                wrong.Add($"{output}: {end}, and {(found is null ? "nothing" : "something")} is there");
            else if (found is not null)
                Completed++;
            else
                Cancelled++;
        }
    }

    private async Task<string?> TryHashAsync(string output, CancellationToken cancellationToken)
    {
        try
        {
            await using IArrayReader reader = await ArrayReaders.OpenAsync(fleet.Stores, output, identity: null, cancellationToken);
            Box whole = Box.Whole(reader.Info.Shape);
            byte[] bytes = new byte[whole.Volume * reader.Info.Type.Size()];
            await reader.ReadAsync(whole, bytes, cancellationToken);
            return Convert.ToHexStringLower(SHA256.HashData(bytes));
        }
        catch (InvalidArrayException)
        {
            return null;
        }
    }
}
