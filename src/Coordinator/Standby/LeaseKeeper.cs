using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Upweave.ServiceDefaults.Broker;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Standby;

/// <summary>
/// Waits for the lease, acts while it holds it, and stops acting before it ends: at the latest <see cref="Margin"/> before another
/// coordinator may have it. Takeover takes the lease's duration, one <see cref="RetryPeriod"/>, and the time to connect.
/// One that does not reach the broker does not ask for the lease, and gives it up.
/// </summary>
public sealed class LeaseKeeper(
    ILockLease lease, Leadership leadership, IActiveTerm term, IBrokerState broker, TimeProvider time, ILogger<LeaseKeeper> log)
    : BackgroundService
{
    /// <summary>Of the lease; the least that blob storage has.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <summary>How often one that is not active asks for the lease.</summary>
    public static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);

    /// <summary>How often the active one renews it, and how long it waits for an answer.</summary>
    public static readonly TimeSpan RenewPeriod = TimeSpan.FromSeconds(3);

    /// <summary>How soon it tries again when there was none.</summary>
    public static readonly TimeSpan RepeatPeriod = TimeSpan.FromSeconds(1);

    /// <summary>What there is for disconnecting between the last moment of acting and the end of the lease.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>How long the active one waits for a broker that is away: it may just be started anew.</summary>
    public static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(20);

    private string? toldFault;
    private bool isToldToWait;

    /// <summary>Runs until the host stops.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                long asked = time.GetTimestamp();
                bool? taken = broker.AwayFor is null ? await AskAsync(lease.TryAcquireAsync, lease.Duration - Margin, stoppingToken) : null;
                if (taken is false && !isToldToWait)
                    log.LogInformation("Another coordinator is the active one; this one waits.");
                isToldToWait = taken is false;
                if (taken is true)
                {
                    leadership.Hold(asked, lease.Duration - Margin);
                    await LeadAsync(stoppingToken);
                }

                await Task.Delay(RetryPeriod, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LeadAsync(CancellationToken stoppingToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task work = Task.Run(() => term.RunAsync(ending.Token), CancellationToken.None);
        try
        {
            await RenewAsync(work, stoppingToken);
        }
        finally
        {
            leadership.Drop();
            await ending.CancelAsync();
            await EndAsync(work, stoppingToken);

            // All is let go, so the other need not wait. Should this fail, it waits for the lease's end.
            await AskAsync(async cancelled => { await lease.ReleaseAsync(cancelled); return true; }, RetryPeriod, CancellationToken.None);
        }
    }

    /// <summary>Keeps the lease until it is lost, the work ends by itself or the host stops.</summary>
    private async Task RenewAsync(Task work, CancellationToken stoppingToken)
    {
        TimeSpan pause = RenewPeriod;
        while (true)
        {
            using (CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
            {
                // The end of the leadership is looked for in time, also when a period would go beyond it.
                await Task.WhenAny(work, Task.Delay(Least(leadership.Left, pause), time, ended.Token));
                await ended.CancelAsync();
            }

            if (work.IsCompleted || stoppingToken.IsCancellationRequested)
                return;
            if (broker.AwayFor > BrokerPatience)
            {
                log.LogWarning("The broker cannot be reached; this coordinator leaves the lease to one that can.");
                return;
            }

            long asked = time.GetTimestamp();
            TimeSpan left = leadership.Left;
            bool? kept = left > TimeSpan.Zero ? await AskAsync(lease.TryRenewAsync, Least(left, RenewPeriod), stoppingToken) : null;

            // Whoever has found the leadership ended may have given up by now: it is never prolonged, only begun anew.
            if (kept is false || !leadership.IsHeld)
            {
                log.LogWarning("The lease of the coordinator is lost; it disconnects, and another one takes over.");
                return;
            }

            pause = kept is true ? RenewPeriod : RepeatPeriod;
            if (kept is true)
                leadership.Hold(asked, lease.Duration - Margin);
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task EndAsync(Task work, CancellationToken stoppingToken)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // As it was told.
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            log.LogError(error, "The coordinator could not go on as the active one; it tries again.");
        }
        catch (Exception error)
        {
            log.LogWarning(error, "The coordinator was not stopped in good order.");
        }
    }

    /// <returns>The answer; null when there was none in this time.</returns>
    private async Task<bool?> AskAsync(
        Func<CancellationToken, ValueTask<bool>> request, TimeSpan patience, CancellationToken stoppingToken)
    {
        using CancellationTokenSource limit = new(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            bool answer = await request(both.Token).AsTask().WaitAsync(both.Token);
            toldFault = null;
            return answer;
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            string fault = error is OperationCanceledException ? "no answer in time" : error.Message;
            if (fault != toldFault)
                log.LogWarning("The lease of the coordinator cannot be asked for: {Fault}", fault);
            toldFault = fault;
            return null;
        }
    }
}
