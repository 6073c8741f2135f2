using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Upweave.Storage.Stores;

/// <summary>What a local store does with single files.</summary>
/// <remarks>
/// Contents are flushed to the disk before a name points to them. The folder entry itself is not: .NET has no call for
/// it, and file systems with a journal write it within seconds. A power cut may so lose a whole write, never half of one.
/// </remarks>
internal static class LocalFiles
{
    private const FileShare ShareAll = FileShare.ReadWrite | FileShare.Delete;

    public static string ETag(long length, DateTime lastWriteUtc) =>
        string.Create(CultureInfo.InvariantCulture, $"{length:x}-{lastWriteUtc.Ticks:x}");

    /// <summary>The ETag of an open file, even if its name points elsewhere by now.</summary>
    public static string ETag(SafeFileHandle handle) =>
        ETag(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));

    /// <summary>The ETag of a file; null when there is none.</summary>
    public static string? ETag(string file)
    {
        FileInfo info = new(file);
        return info.Exists ? ETag(info.Length, info.LastWriteTimeUtc) : null;
    }

    public static SafeFileHandle OpenRead(string file) =>
        File.OpenHandle(file, FileMode.Open, FileAccess.Read, ShareAll, FileOptions.Asynchronous);

    /// <summary>Opens for writing in place, creating file and folder where needed; others may do so at the same time.</summary>
    public static SafeFileHandle OpenShared(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, ShareAll, FileOptions.Asynchronous);
    }

    /// <summary>Writes a file whole: a reader sees the old one or the new one. Durable on return.</summary>
    /// <param name="mayReplace">False: an existing file stays, and the result is false.</param>
    public static async ValueTask<bool> WriteWholeAsync(
        string file, ReadOnlyMemory<byte> content, bool mayReplace, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string temporary = LocalPaths.TemporaryFor(file);
        try
        {
            using (SafeFileHandle handle = File.OpenHandle(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous))
            {
                await RandomAccess.WriteAsync(handle, content, 0, cancellationToken);
                MakeYounger(handle, file);
                RandomAccess.FlushToDisk(handle);
            }

            if (!mayReplace && Path.Exists(file))
                return false;
            File.Move(temporary, file, overwrite: mayReplace);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>All files below a folder but temporary ones; none when there is no folder.</summary>
    public static IEnumerable<FileInfo> Enumerate(string folder)
    {
        // Links are left out: one that points upwards would make the list endless.
        EnumerationOptions options = new()
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = false,
        };
        return Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*", options).Where(file => !LocalPaths.IsTemporary(file.Name))
            : [];
    }

    public static void Delete(string file)
    {
        if (File.Exists(file))
            File.Delete(file);
    }

    /// <summary>Removes a folder and all it holds; a writer that is still at work may add to it meanwhile.</summary>
    public static void DeleteFolder(string folder)
    {
        const int attempts = 10;
        for (int attempt = 1; Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (attempt < attempts)
            {
                // Something new appeared in a subfolder that had just been emptied: go through it again.
            }
        }
    }

    /// <summary>
    /// The clock of a file system ticks in milliseconds; two writes of one length within a tick would share their ETag.
    /// </summary>
    private static void MakeYounger(SafeFileHandle written, string replaced)
    {
        FileInfo old = new(replaced);
        if (old.Exists && old.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(written))
            File.SetLastWriteTimeUtc(written, old.LastWriteTimeUtc.AddTicks(1));
    }
}
