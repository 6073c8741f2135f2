namespace Upweave.Tests.Servers;

/// <summary>The folder <c>tests/servers</c> of the clone that these tests were built in.</summary>
internal static class ServersFolder
{
    /// <summary>A file of it, there or not.</summary>
    public static string File(string name) => Path.Combine(Root, name);

    private static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string servers = Path.Combine(folder.FullName, "tests", "servers");
            if (Directory.Exists(servers))
                return servers;
        }

        throw new DirectoryNotFoundException($"No tests/servers above {AppContext.BaseDirectory}. hint: run the tests from the clone.");
    }
}
