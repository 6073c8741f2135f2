using System.IO.Hashing;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Upweave.Storage.Stores;

/// <summary>
/// Excludes others, in this process and in others of the machine, while a condition on a file is checked and acted upon:
/// a rename alone cannot ask whether its destination is as expected. The lock is the operating system's on a small file
/// beside the guarded one, so it ends with its process.
/// </summary>
/// <remarks>
/// Unix locks files by advice only (flock); on a file system that cannot, two processes could both find their condition met.
/// </remarks>
internal sealed class PathLock : IDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly string lockFile;
    private readonly SafeFileHandle handle;

    private PathLock(string lockFile, SafeFileHandle handle)
    {
        this.lockFile = lockFile;
        this.handle = handle;
    }

    /// <summary>Waits for the lock of a file or folder; disposing of the result gives it up.</summary>
    /// <exception cref="IOException">It has been held for a minute, or cannot be made.</exception>
    public static async ValueTask<PathLock> AcquireAsync(string file, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(file)!;
        ulong name = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
        string lockFile = Path.Combine(folder, $"{StorePath.TemporaryPrefix}{name:x16}.lock");
        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                Directory.CreateDirectory(folder);
                if (TryOpen(lockFile) is { } taken)
                    return taken;
            }
            catch (IOException) when (Environment.TickCount64 - start < WaitMax.TotalMilliseconds)
            {
                // Held by somebody else: the usual case, and not told apart from others by its type.
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    public void Dispose()
    {
        // The name goes first: once the lock is free, the file may already be locked by another under this name.
        if (!OperatingSystem.IsWindows())
            File.Delete(lockFile);
        handle.Dispose();
    }

    private static PathLock? TryOpen(string lockFile)
    {
        // Windows cannot remove a file that is open, and has an option that does so on closing.
        FileOptions options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        SafeFileHandle handle = File.OpenHandle(
            lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, options);
        if (IsStillNamed(handle, lockFile))
            return new PathLock(lockFile, handle);
        // The holder before removed the file between our opening and our locking it: this lock would exclude nobody.
        handle.Dispose();
        return null;
    }

    /// <summary>A random time stamp, set through the handle, is seen through the name only if both are the same file.</summary>
    private static bool IsStillNamed(SafeFileHandle handle, string lockFile)
    {
        long ticks = Random.Shared.NextInt64(DateTime.UnixEpoch.Ticks, DateTime.UtcNow.Ticks);
        File.SetLastWriteTimeUtc(handle, new DateTime(ticks, DateTimeKind.Utc));
        return File.GetLastWriteTimeUtc(lockFile) == File.GetLastWriteTimeUtc(handle);
    }
}
