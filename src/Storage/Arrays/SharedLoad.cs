namespace Upweave.Storage.Arrays;

/// <summary>A load that several may wait for, begun by the first of them.</summary>
/// <param name="load">Ends soon once it is cancelled: after the step of decoding that it is at, if not sooner.</param>
#pragma warning disable CA1001 // A source of cancellation without a timer and without a wait handle holds nothing to dispose of.
internal sealed class SharedLoad<T>(Func<CancellationToken, Task<T?>> load)
    where T : class
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private Task<T?>? content;

    /// <summary>What is loaded; null for what is not stored.</summary>
    public Task<T?> Content
    {
        get
        {
            lock (gate)
            {
                return content ??= load(stopping.Token);
            }
        }
    }

    /// <summary>Cancels the load, and waits until it has ended and holds nothing any more.</summary>
    public async ValueTask StopAsync()
    {
        await stopping.CancelAsync();
        await ((Task)Content).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
