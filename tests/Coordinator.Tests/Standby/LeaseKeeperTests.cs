using Microsoft.Extensions.Time.Testing;
using Upweave.Coordinator.Standby;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Standby;

/// <summary>Coordinators that want one lock, in a time that the test makes pass.</summary>
public sealed class LeaseKeeperTests : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.25);
    private readonly FakeTimeProvider time = new();
    private readonly List<Candidate> candidates = [];
    private readonly ScriptedLock shared;

    public LeaseKeeperTests() => shared = new ScriptedLock(time, LeaseKeeper.Duration);

    [Fact]
    public async Task Holder_IsLeftAlone_RenewsAndStaysActive()
    {
        Candidate one = await StartAsync();
        await PassAsync(() => one.Term.IsActive);
        Candidate two = await StartAsync();
        await PassAsync(() => one.Lease.Renewals >= 20);
        Assert.True(one.Leadership.IsHeld);
        Assert.Equal(1, one.Term.Terms);
        Assert.Equal(0, two.Term.Terms);
        Assert.False(two.Leadership.IsHeld);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Holder_CannotRenew_LetsGoBeforeTheLeaseEndsAndTheOtherTakesOver(bool hangs)
    {
        Candidate one = await StartAsync();
        await PassAsync(() => one.Lease.Renewals >= 2);
        Candidate two = await StartAsync();
        one.Lease.Hangs = hangs;
        one.Lease.IsCutOff = !hangs;
        DateTimeOffset cut = time.GetUtcNow();
        await PassAsync(() => !one.Term.IsActive);
        Assert.Same(one.Lease, shared.Holder);
        Assert.False(one.Leadership.IsHeld);
        await PassAsync(() => two.Term.IsActive);
        Assert.InRange(time.GetUtcNow() - cut, TimeSpan.Zero, LeaseKeeper.Duration + LeaseKeeper.RetryPeriod + (8 * Tick));

        // Once it can reach the store it stands by.
        one.Lease.Hangs = one.Lease.IsCutOff = false;
        await PassAsync(() => two.Lease.Renewals >= 10);
        Assert.Equal(1, one.Term.Terms);
    }

    [Fact]
    public async Task Holder_LosesTheBroker_LeavesTheLeaseToOneThatReachesIt()
    {
        Candidate one = await StartAsync();
        await PassAsync(() => one.Lease.Renewals >= 2);
        Candidate two = await StartAsync();
        one.Broker.AwaySince = time.GetUtcNow();
        await PassAsync(() => two.Term.IsActive);
        Assert.InRange(
            time.GetUtcNow() - one.Broker.AwaySince.Value, LeaseKeeper.BrokerPatience,
            LeaseKeeper.BrokerPatience + LeaseKeeper.RenewPeriod + LeaseKeeper.RetryPeriod + (8 * Tick));

        // It does not come back before its broker does.
        await two.Keeper.StopAsync(TestContext.Current.CancellationToken);
        await PassAsync(() => time.GetUtcNow() > one.Broker.AwaySince.Value + TimeSpan.FromMinutes(2));
        Assert.Equal(1, one.Term.Terms);
        one.Broker.AwaySince = null;
        await PassAsync(() => one.Term.IsActive);
    }

    [Fact]
    public async Task Holder_LosesTheBrokerForAMoment_StaysActive()
    {
        Candidate one = await StartAsync();
        await PassAsync(() => one.Lease.Renewals >= 2);
        DateTimeOffset lost = time.GetUtcNow();
        one.Broker.AwaySince = lost;
        await PassAsync(() => time.GetUtcNow() > lost + (LeaseKeeper.BrokerPatience / 2));
        one.Broker.AwaySince = null;
        await PassAsync(() => time.GetUtcNow() > lost + (2 * LeaseKeeper.BrokerPatience));
        Assert.Equal(1, one.Term.Terms);
        Assert.True(one.Term.IsActive);
    }

    [Fact]
    public async Task Holder_IsTakenTheLease_LetsGoAtTheNextRenewal()
    {
        Candidate one = await StartAsync();
        await PassAsync(() => one.Term.IsActive);
        DateTimeOffset broken = time.GetUtcNow();
        shared.Break();
        Assert.True(shared.TryTake(shared.Lease(), mustHave: false));
        await PassAsync(() => !one.Term.IsActive);
        Assert.InRange(one.Term.ToldAt - broken, TimeSpan.Zero, LeaseKeeper.RenewPeriod + (2 * Tick));
    }

    /// <summary>As after SIGSTOP and SIGCONT: the clock has gone on, and nothing was done meanwhile.</summary>
    [Fact]
    public async Task Holder_StoodStill_MayNotActFromTheFirstMomentAndRenewsNothing()
    {
        Candidate one = await StartAsync();
        await PassAsync(() => one.Term.IsActive && one.Lease.Renewals > 0);
        int renewals = one.Lease.Renewals;
        one.Lease.Hangs = true; // whatever it would send
        time.Advance(LeaseKeeper.Duration * 4);
        Assert.Throws<LeadershipLostException>(one.Leadership.Demand);
        await PassAsync(() => !one.Term.IsActive);
        Assert.Equal(renewals, one.Lease.Renewals);
    }

    [Fact]
    public async Task Holder_Stops_HandsOverAtOnce()
    {
        Candidate one = await StartAsync();
        await PassAsync(() => one.Term.IsActive);
        Candidate two = await StartAsync();
        await one.Keeper.StopAsync(TestContext.Current.CancellationToken);
        Assert.Null(shared.Holder);
        DateTimeOffset stopped = time.GetUtcNow();
        await PassAsync(() => two.Term.IsActive);
        Assert.InRange(time.GetUtcNow() - stopped, TimeSpan.Zero, LeaseKeeper.RetryPeriod + (4 * Tick));
    }

    [Fact]
    public async Task Term_CannotBegin_LetsAnotherTry()
    {
        Candidate one = await StartAsync(new IOException("The broker is away."));
        await PassAsync(() => one.Log.All.Any(line => line.StartsWith("Error: The coordinator could not go on", StringComparison.Ordinal)));
        Candidate two = await StartAsync();
        await PassAsync(() => two.Term.IsActive);
        Assert.Equal(0, one.Term.Terms);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Candidate candidate in candidates)
        {
            candidate.Lease.Hangs = false;
            Task stop = candidate.Keeper.StopAsync(CancellationToken.None);
            using PeriodicTimer real = new(TimeSpan.FromMilliseconds(2));
            while (!stop.IsCompleted)
            {
                time.Advance(Tick); // a request that hangs is waited for by the clock
                await real.WaitForNextTickAsync(CancellationToken.None);
            }

            await stop;
            candidate.Keeper.Dispose();
        }
    }

    private async Task<Candidate> StartAsync(Exception? fault = null)
    {
        Candidate candidate = new(time, shared.Lease());
        candidate.Term.Fault = fault;
        candidates.Add(candidate);
        await candidate.Keeper.StartAsync(TestContext.Current.CancellationToken);
        return candidate;
    }

    /// <summary>Lets time pass until something is so. At no moment two are active, or may be.</summary>
    private async Task PassAsync(Func<bool> isSo)
    {
        using PeriodicTimer real = new(TimeSpan.FromMilliseconds(2));
        for (int tick = 0; tick < 800; tick++)
        {
            for (int look = 0; look < 3; look++)
            {
                Assert.InRange(candidates.Count(candidate => candidate.Term.IsActive), 0, 1);
                Assert.InRange(candidates.Count(candidate => candidate.Leadership.IsHeld), 0, 1);
                if (isSo())
                    return;
                await real.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }

            time.Advance(Tick);
        }

        Assert.Fail("It did not become so in 200 seconds of the clock.");
    }

    private sealed class Candidate
    {
        public Candidate(FakeTimeProvider time, ScriptedLease lease)
        {
            Lease = lease;
            Leadership = new Leadership(time);
            Term = new RecordingTerm(time);
            Broker = new ScriptedBroker(time);
            Keeper = new LeaseKeeper(lease, Leadership, Term, Broker, time, Log);
        }

        public ScriptedLease Lease { get; }

        public Leadership Leadership { get; }

        public RecordingTerm Term { get; }

        public ScriptedBroker Broker { get; }

        public LogLines<LeaseKeeper> Log { get; } = new();

        public LeaseKeeper Keeper { get; }
    }
}
