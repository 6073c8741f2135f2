using System.Threading.Channels;

namespace Upweave.Cli.Hosting;

/// <summary>What happens in jobs, in the order of arrival: from the bus's consumer to the command that waits.</summary>
internal sealed class JobEvents
{
    /// <summary>More than a command ever falls behind; the bus waits where it does.</summary>
    private const int Capacity = 1024;

    private readonly Channel<object> channel = Channel.CreateBounded<object>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    public ValueTask WriteAsync(object message, CancellationToken cancellationToken) =>
        channel.Writer.WriteAsync(message, cancellationToken);

    public IAsyncEnumerable<object> ReadAllAsync(CancellationToken cancellationToken) =>
        channel.Reader.ReadAllAsync(cancellationToken);
}
