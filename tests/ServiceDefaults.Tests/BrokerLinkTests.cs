using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Upweave.ServiceDefaults.Broker;

namespace Upweave.ServiceDefaults.Tests;

/// <summary>What is sent and never confirmed: the client forgets to end some sends of a connection that was lost.</summary>
public sealed class BrokerLinkTests : IAsyncDisposable
{
    private readonly TaskCompletionSource never = new();
    private readonly ServiceProvider services;
    private readonly BrokerLink link;
    private readonly Queue own;

    public BrokerLinkTests()
    {
        IBus bus = Bus.Factory.CreateUsingInMemory(_ => { });
        services = new ServiceCollection().AddSingleton(bus).BuildServiceProvider();
        link = new BrokerLink(services, TimeProvider.System);
        own = new Queue(bus.Address);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => services.DisposeAsync();

    [Fact]
    public async Task SendAsync_NotConfirmedWhenTheBrokerIsBack_Fails()
    {
        await link.Ready(own);
        Task before = link.SendAsync(_ => never.Task, Cancelled);
        await link.Faulted(own);
        Task meanwhile = link.SendAsync(_ => never.Task, Cancelled);
        Assert.False(before.IsCompleted || meanwhile.IsCompleted);
        await link.Ready(own);
        Assert.Contains("lost before", (await Assert.ThrowsAsync<IOException>(() => before)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => meanwhile);

        // What is sent by the new connection is its.
        Task after = link.SendAsync(_ => never.Task, Cancelled);
        await link.Ready(own);
        Assert.False(after.IsCompleted);
        never.SetResult();
        await after;
    }

    /// <summary>Of another queue nothing is to be learned.</summary>
    [Fact]
    public async Task SendAsync_AnotherQueueIsBack_Waits()
    {
        await link.Ready(own);
        await link.Faulted(own);
        Task sent = link.SendAsync(_ => never.Task, Cancelled);
        await link.Ready(new Queue(new Uri("loopback://localhost/other")));
        Assert.False(sent.IsCompleted);
        never.SetResult();
        await sent;
    }

    [Fact]
    public async Task SendAsync_GivenUpByTheSender_IsCancelled()
    {
        using CancellationTokenSource stop = new();
        Task sent = link.SendAsync(never.Task.WaitAsync, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
    }

    private sealed class Queue(Uri address) : ReceiveEndpointReady, ReceiveEndpointFaulted
    {
        public Uri InputAddress { get; } = address;

        public IReceiveEndpoint ReceiveEndpoint => throw new InvalidOperationException("Nobody should ask for it.");

        public bool IsStarted => true;

        public Exception Exception { get; } = new IOException("Connection refused");
    }
}
