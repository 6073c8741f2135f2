namespace Upweave.Worker.Tiles;

/// <summary>Gives up work that takes too long.</summary>
public static class TimeLimited
{
    /// <summary>
    /// Runs work that looks at its token: kernels do between blocks of rows, stores while they wait. It has ended on return in any case,
    /// so nothing uses its buffers any more.
    /// </summary>
    /// <exception cref="TimeoutException">It took longer than <paramref name="limit"/> and was stopped.</exception>
    public static async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> work, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException stopped) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"The tile was not done after {limit.TotalMinutes:0.#} minutes, many times what its plan predicts, and was given up. "
                + "hint: look at the worker's machine and at the store",
                stopped);
        }
    }
}
