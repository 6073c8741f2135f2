namespace Upweave.Bench.Machine;

/// <summary>
/// Runs one action on several threads at once: the caller is one of them, the others wait between runs. They spin, so that
/// starting them costs no more than what a peer's own pool costs, and nothing is allocated per run.
/// </summary>
internal sealed class HelperThreads : IDisposable
{
    private readonly Action<int> action;
    private readonly Thread[] helpers;
    private volatile Exception? failure;
    private volatile int generation;
    private volatile bool isDisposed;
    private int running;

    /// <param name="count">Threads, the caller's included.</param>
    /// <param name="action">Gets the thread's number.</param>
    public HelperThreads(int count, Action<int> action)
    {
        this.action = action;
        helpers = [.. Enumerable.Range(1, count - 1).Select(index => new Thread(() => Serve(index)) { IsBackground = true })];
        foreach (Thread helper in helpers)
        {
            helper.Start();
        }
    }

    public void Run()
    {
        Volatile.Write(ref running, helpers.Length);
        Interlocked.Increment(ref generation);
        action(0);
        SpinWait spin = default;
        while (Volatile.Read(ref running) > 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        if (failure is not null)
            throw new InvalidOperationException($"A helper thread failed: {failure.Message}", failure);
    }

    public void Dispose()
    {
        isDisposed = true;
        foreach (Thread helper in helpers)
        {
            helper.Join();
        }
    }

    private void Serve(int index)
    {
        int seen = 0;
        SpinWait spin = default;
        while (!isDisposed)
        {
            if (generation == seen)
            {
                // Yields after a while, so that the peers have the core while they are timed.
                spin.SpinOnce();
                continue;
            }

            seen = generation;
            spin.Reset();
            try
            {
                action(index);
            }
#pragma warning disable CA1031 // The caller rethrows it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }

            Interlocked.Decrement(ref running);
        }
    }
}
