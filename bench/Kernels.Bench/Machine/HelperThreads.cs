namespace Upweave.Bench.Machine;

/// <summary>
/// Runs one action on several threads at once: the caller is one of them, the others wait between runs. They spin for some
/// microseconds before they sleep, as a peer's own pool does, and nothing is allocated per run.
/// </summary>
internal sealed class HelperThreads : IDisposable
{
    private const int SpinsBeforeSleep = 1000;
    private readonly Action<int> action;
    private readonly Thread[] helpers;
    private readonly ManualResetEventSlim[] wakes;
    private volatile Exception? failure;
    private volatile bool isDisposed;
    private int running;

    /// <param name="count">Threads, the caller's included.</param>
    /// <param name="action">Gets the thread's number.</param>
    public HelperThreads(int count, Action<int> action)
    {
        this.action = action;
        wakes = [.. Enumerable.Range(1, count - 1).Select(_ => new ManualResetEventSlim(false, SpinsBeforeSleep))];
        helpers = [.. Enumerable.Range(1, count - 1).Select(index => new Thread(() => Serve(index)) { IsBackground = true })];
        foreach (Thread helper in helpers)
        {
            helper.Start();
        }
    }

    public void Run()
    {
        Volatile.Write(ref running, helpers.Length);
        Wake();
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
        Wake();
        foreach (Thread helper in helpers)
        {
            helper.Join();
        }

        Array.ForEach(wakes, wake => wake.Dispose());
    }

    private void Wake()
    {
        foreach (ManualResetEventSlim wake in wakes)
        {
            wake.Set();
        }
    }

    private void Serve(int index)
    {
        ManualResetEventSlim wake = wakes[index - 1];
        while (true)
        {
            wake.Wait();
            wake.Reset();
            if (isDisposed)
                return;
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
