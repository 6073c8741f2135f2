using System.Text;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Servers;

/// <summary>The processes of a server, by the mark in their environment; as Linux shows them.</summary>
internal static class MarkedProcesses
{
    /// <returns>Command lines, arguments separated by spaces.</returns>
    public static List<string> Of(string folder)
    {
        byte[] mark = Encoding.UTF8.GetBytes($"{ServerProcess.Mark}={folder}\0");
        return
        [
            .. from process in Directory.EnumerateDirectories("/proc")
               where Path.GetFileName(process).All(char.IsAsciiDigit) && Read(process, "environ").AsSpan().IndexOf(mark) >= 0
               select Encoding.UTF8.GetString(Read(process, "cmdline")).Replace('\0', ' '),
        ];
    }

    /// <summary>Nothing for a process that has gone meanwhile, or is somebody else's.</summary>
    private static byte[] Read(string process, string file)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(process, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
