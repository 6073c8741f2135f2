using System.Security.Cryptography;
using System.Text;

namespace Upweave.Cli.Hosting;

/// <summary>
/// One embedded run per output at a time. Two coordinators on one plan would each remove, at their end, what the other still
/// works with; services have a lease against that. The lock is the operating system's on a file in the user's temporary folder, so
/// it ends with its process however that ends.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock of an output.</summary>
    /// <param name="output">A path; however it is spelled, the same place has the same lock.</param>
    /// <returns>Null when another run of this user has it.</returns>
    public static RunLock? TryTake(string output)
    {
        byte[] identity = Encoding.UTF8.GetBytes($"{Environment.UserName}\n{Path.TrimEndingDirectorySeparator(Path.GetFullPath(output))}");
        string name = $"upweave-run-{Convert.ToHexStringLower(SHA256.HashData(identity))[..32]}.lock";
        try
        {
            return new RunLock(new FileStream(
                Path.Combine(Path.GetTempPath(), name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose));
        }
        catch (IOException error) when (error.GetType() == typeof(IOException))
        {
            // What is held by somebody else has no exception of its own; a missing folder and the like have.
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
