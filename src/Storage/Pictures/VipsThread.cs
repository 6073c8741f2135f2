namespace Upweave.Storage.Pictures;

/// <summary>
/// Runs work on a thread of its own. A libvips region belongs to the thread that made it (it aborts the process
/// otherwise), and libvips asks for bytes through synchronous callbacks, which wait for the store: neither is for the
/// pool.
/// </summary>
internal static class VipsThread
{
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () =>
            {
                VipsRuntime.Start();
                return work();
            },
            cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
}
