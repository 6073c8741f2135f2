using Microsoft.Extensions.Hosting;

namespace Upweave.Cli.Hosting;

/// <summary>The command line decides when the host starts and stops, and listens to Ctrl-C itself.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
