using System.Security.Cryptography;
using System.Text;

namespace Upweave.Cli.Hosting;

/// <summary>
/// Keeps two processes of this machine from running the same output at the same time. The lock is the operating system's
/// on a file, so it ends with its process, however that ends. The file lies in the user's temporary folder, not beside the
/// output: a job that is refused leaves nothing there, not even the folder.
/// </summary>
internal static class OutputLock
{
    /// <summary>Takes the lock; disposing of the result gives it up.</summary>
    /// <param name="place">See <see cref="Arrays.ReferenceCatalog.PlaceOf"/>. It cannot be read from the file's name.</param>
    /// <returns>Null when another process has it.</returns>
    public static IDisposable? TryTake(string place)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.UserName}\n{place}"));
        string file = Path.Combine(Path.GetTempPath(), $"upweave-{Convert.ToHexStringLower(hash)[..32]}.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (error.GetType() == typeof(IOException))
        {
            // A file that somebody else has locked has no exception of its own; a missing folder and the like have.
            return null;
        }
    }
}
