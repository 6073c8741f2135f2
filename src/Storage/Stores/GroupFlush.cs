namespace Upweave.Storage.Stores;

/// <summary>
/// Flushes a file to the disk for many writers at once. A flush takes milliseconds however little there is to flush, and
/// one that has not begun yet will cover everything written before it begins; so whoever asks while one is going on
/// shares the next.
/// </summary>
internal sealed class GroupFlush(string file)
{
    private readonly Lock gate = new();
    private Task current = Task.CompletedTask;
    private Task? next;

    /// <summary>What was written to the file before the call is durable when the task has ended.</summary>
    /// <exception cref="IOException">The flush failed, for everyone who shares it.</exception>
    public Task RunAsync()
    {
        lock (gate)
        {
            return next ??= RunAfterAsync(current);
        }
    }

    private async Task RunAfterAsync(Task before)
    {
        // Yielding lets the caller store this task before it becomes the current one.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            current = next!;
            next = null;
        }

        using var handle = LocalFiles.OpenShared(file);
        RandomAccess.FlushToDisk(handle);
    }
}
