namespace Upweave.Tests.CommandLine;

/// <summary>The clone that these tests were built in.</summary>
internal static class Clone
{
    /// <exception cref="DirectoryNotFoundException">They were copied away from it.</exception>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Distributed.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No Distributed.sln above {AppContext.BaseDirectory}. hint: run the tests from the clone.");
    }
}
