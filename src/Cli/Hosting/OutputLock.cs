namespace Upweave.Cli.Hosting;

/// <summary>
/// Keeps two processes of this machine from running the same output at the same time. The lock is the operating system's
/// on a file beside the output, so it ends with its process, however that ends.
/// </summary>
internal static class OutputLock
{
    /// <summary>Takes the lock; disposing of the result gives it up.</summary>
    /// <returns>Null when another process has it.</returns>
    public static IDisposable? TryTake(string output)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        try
        {
            return new FileStream(
                output + ".upweave.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
