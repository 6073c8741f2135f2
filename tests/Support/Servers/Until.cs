namespace Upweave.Tests.Servers;

/// <summary>Waits for what another process does, with a bound.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(50);

    /// <param name="what">What was waited for, as a statement.</param>
    /// <exception cref="TimeoutException">It was not so within a minute.</exception>
    public static async Task TrueAsync(Func<bool> isSo, string what, CancellationToken cancellationToken)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        using PeriodicTimer timer = new(AskEvery);
        try
        {
            while (!isSo())
            {
                await timer.WaitForNextTickAsync(bound.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Patience.TotalSeconds:0} seconds: {what}.");
        }
    }
}
