using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Servers;

/// <summary>
/// One broker and one blob service for all tests of <see cref="ServersCollection"/>. Both are started, at the same time, when
/// the first test asks for either.
/// </summary>
public sealed class ServersFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly Lazy<(Task<RabbitMqServer> RabbitMq, Task<AzuriteServer> Azurite)> servers;

    public ServersFixture() => servers = new(() =>
        (RabbitMqServer.StartAsync(ending.Token), AzuriteServer.StartAsync(ending.Token)));

    public Task<RabbitMqServer> RabbitMqAsync() => servers.Value.RabbitMq;

    public Task<AzuriteServer> AzuriteAsync() => servers.Value.Azurite;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        if (servers.IsValueCreated)
        {
            await StopAsync(servers.Value.RabbitMq);
            await StopAsync(servers.Value.Azurite);
        }

        ending.Dispose();
    }

    /// <summary>One that did not start has said so to the tests that asked for it, and has left nothing.</summary>
    private static async Task StopAsync<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
            await (await starting).DisposeAsync();
    }
}
