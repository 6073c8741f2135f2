using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Upweave.EndToEnd.Tests.Distributed;

namespace Upweave.EndToEnd.Tests.Chaos;

/// <summary>Makes faults, one after the other and some at the same time, as a seed says. Each is healed after a while.</summary>
internal sealed class ChaosFaults(ChaosFleet fleet, int seed)
{
    private readonly Random random = new(seed);
    private readonly SortedDictionary<string, int> made = new(StringComparer.Ordinal);
    private int brokersStarting;

    /// <summary>How many there were of each kind.</summary>
    public IReadOnlyDictionary<string, int> Made => made;

    /// <summary>Makes faults until it is told to stop, then heals all.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        List<Task> open = [];
        while (!stop.IsCancellationRequested)
        {
            await PassAsync(TimeSpan.FromSeconds(0.5 + (3.5 * random.NextDouble())), stop);
            await fleet.ReviveAsync();
            if (!stop.IsCancellationRequested)
                open.Add(MakeAsync(random.Next(100), cancellationToken));
        }

        await Task.WhenAll(open);
        await fleet.ReviveAsync();
    }

    /// <summary>Lets time pass, or less when it is told to stop.</summary>
    public static async Task PassAsync(TimeSpan time, CancellationToken stop)
    {
        using PeriodicTimer timer = new(time);
        try
        {
            await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // It is told to stop.
        }
    }

    private Task MakeAsync(int kind, CancellationToken cancellationToken) => kind switch
    {
        < 20 => CountAsync("worker killed", () => fleet.ReplaceAsync(AnyWorker(), cancellationToken)),
        < 28 => CountAsync("coordinator killed", () => fleet.ReplaceAsync(random.Next(ChaosFleet.Coordinators), cancellationToken)),
        < 40 => CountAsync("worker stopped and continued", () => StandStillAsync(AnyWorker(), 8, cancellationToken)),
        < 48 => CountAsync("coordinator stopped and continued", () => StandStillAsync(random.Next(ChaosFleet.Coordinators), 20, cancellationToken)),
        < 52 => BrokerAsync("broker killed and started anew", isEmpty: false, cancellationToken),
        < 55 => BrokerAsync("broker killed and wiped", isEmpty: true, cancellationToken),
        < 63 => CountAsync("store cut off from workers", () => CutAsync(fleet.WorkerStore, 10, cancellationToken)),
        < 70 => CountAsync("store cut off from coordinators", () => CutAsync(fleet.CoordinatorStore, 8, cancellationToken)),
        < 77 => CountAsync("broker cut off from workers", () => CutAsync(fleet.WorkerBroker, 6, cancellationToken)),
        < 84 => CountAsync("broker cut off from coordinators", () => CutAsync(fleet.CoordinatorBroker, 6, cancellationToken)),
        < 92 => CountAsync("tiles delivered twice and in another order", () => ShuffleAsync("tiles", cancellationToken)),
        _ => CountAsync("reports delivered twice and in another order", () => ShuffleAsync("tile-reports", cancellationToken)),
    };

    private int AnyWorker() => ChaosFleet.Coordinators + random.Next(ChaosFleet.Workers);

    private async Task CountAsync(string name, Func<Task> fault)
    {
        made[name] = made.GetValueOrDefault(name) + 1;
        await fault();
    }

    private async Task BrokerAsync(string name, bool isEmpty, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref brokersStarting, 1) == 1)
            return;
        try
        {
            await CountAsync(name, () => fleet.Broker.RestartAsync(isEmpty, cancellationToken));
        }
        finally
        {
            Volatile.Write(ref brokersStarting, 0);
        }
    }

    private async Task StandStillAsync(int host, int secondsMax, CancellationToken cancellationToken)
    {
        double seconds = 0.5 + (secondsMax * random.NextDouble());
        if (fleet[host] is not { } process)
            return;
        try
        {
            process.Pause();
            await PassAsync(TimeSpan.FromSeconds(seconds), cancellationToken);
            process.Resume();
        }
        catch (Exception error) when (error is InvalidOperationException or Xunit.Sdk.XunitException)
        {
            // It was killed before or meanwhile.
        }
    }

    private async Task CutAsync(CountingProxy proxy, int secondsMax, CancellationToken cancellationToken)
    {
        double seconds = 0.2 + (secondsMax * random.NextDouble());
        proxy.Cut();
        await PassAsync(TimeSpan.FromSeconds(seconds), cancellationToken);
        proxy.Mend();
    }

    /// <summary>Takes messages that wait, and puts each back twice in another order. A broker that is away has none.</summary>
    private async Task ShuffleAsync(string queue, CancellationToken cancellationToken)
    {
        Random order = new(random.Next());
        try
        {
            ConnectionFactory factory = new() { Uri = fleet.Broker.AmqpUri, AutomaticRecoveryEnabled = false };
            await using IConnection connection = await factory.CreateConnectionAsync(cancellationToken);
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            List<BasicGetResult> taken = [];
            while (taken.Count < 8 && await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } message)
            {
                taken.Add(message);
            }

            BasicGetResult[] twice = [.. taken, .. taken];
            order.Shuffle(twice);
            foreach (BasicGetResult message in twice)
            {
                await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties(message.BasicProperties), message.Body, cancellationToken);
            }

            foreach (BasicGetResult message in taken)
            {
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            }
        }
        catch (Exception error) when (error is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or IOException)
        {
            // It is away, or went away meanwhile: what was taken goes back to the queue by itself.
        }
    }
}
