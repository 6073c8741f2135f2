using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Upweave.Contracts.Plans;
using Upweave.Storage.Stores;
using Upweave.Worker.Devices;

namespace Upweave.Worker.Jobs;

/// <summary>Keeps the contexts of the jobs in work, opened once each; those not used for longest are closed.</summary>
public sealed class JobContexts(
    IStoreCatalog stores, IOptions<WorkerOptions> options, IComputeDevice device, ILogger<JobContexts> log) : IAsyncDisposable
{
    /// <summary>Contexts kept when nobody uses them.</summary>
    public const int IdleMax = 2;

    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<string, Entry> entries = [];
    private long clock;

    /// <summary>Opens a job or joins those who have it open; give it back with <see cref="ReturnAsync"/>.</summary>
    public async Task<JobContext> RentAsync(JobPlan plan, StoreLocation output, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!entries.TryGetValue(plan.Hash, out Entry? entry))
            {
                JobWarnings warnings = new(plan.Output.Reference, log);
                entry = new Entry(await JobContext.OpenAsync(
                    stores, options.Value, device, warnings.Warn, plan, output, cancellationToken));
                entries.Add(plan.Hash, entry);
                log.LogInformation(
                    "Takes part in {Input} to {Output}: plan {Plan}, {Tiles} tiles, {Technique} on {Device}.",
                    plan.Input.Reference, plan.Output.Reference, plan.Hash, plan.Prediction.Tiles, entry.Context.Kernel.Technique,
                    entry.Context.Device);
            }

            entry.Users++;
            entry.LastUse = ++clock;
            return entry.Context;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task ReturnAsync(JobContext context)
    {
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            entries[context.Plan.Hash].Users--;
            Entry[] idle = [.. entries.Values.Where(entry => entry.Users == 0).OrderByDescending(entry => entry.LastUse)];
            foreach (Entry entry in idle.Skip(IdleMax))
            {
                entries.Remove(entry.Context.Plan.Hash);
                await entry.Context.DisposeAsync();
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Entry entry in entries.Values)
        {
            await entry.Context.DisposeAsync();
        }

        entries.Clear();
        gate.Dispose();
    }

    private sealed class Entry(JobContext context)
    {
        public JobContext Context { get; } = context;

        public int Users { get; set; }

        public long LastUse { get; set; }
    }
}
