using System.Text.RegularExpressions;

namespace Upweave.Architecture.Tests;

/// <summary>The repository that these tests were built in: its hand-written files, and what a rule finds in them.</summary>
internal static class SourceTree
{
    private static readonly string[] Skipped = ["artifacts", "bin", "obj", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files under one folder of the root, by extension, as paths from the root with forward slashes.</summary>
    public static List<string> Files(string folder, string extension)
    {
        string start = Path.Combine(Root, folder);
        if (!Directory.Exists(start))
            return [];
        return
        [
            .. Directory.EnumerateFiles(start, "*" + extension, SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                .Where(path => !path.Split('/').Any(Skipped.Contains))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The C# files of src, tests and bench.</summary>
    public static List<string> CSharp() => [.. Files("src", ".cs"), .. Files("tests", ".cs"), .. Files("bench", ".cs")];

    /// <summary>The project files of src, tests and bench.</summary>
    public static List<string> Projects() =>
        [.. Files("src", ".csproj"), .. Files("tests", ".csproj"), .. Files("bench", ".csproj")];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Every line that matches, as <c>file:line: text</c>.</summary>
    public static IEnumerable<string> LinesMatching(IEnumerable<string> files, Regex pattern) =>
        from file in files
        from line in File.ReadLines(Path.Combine(Root, file)).Select((text, index) => (Text: text, Number: index + 1))
        where pattern.IsMatch(line.Text)
        select $"{file}:{line.Number}: {line.Text.Trim()}";

    /// <summary>Fails with all findings, not the first few.</summary>
    public static void AssertNone(string rule, IEnumerable<string> findings)
    {
        List<string> all = [.. findings];
        Assert.True(all.Count == 0, rule + Environment.NewLine + string.Join(Environment.NewLine, all));
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Distributed.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No Distributed.sln above {AppContext.BaseDirectory}. hint: run the tests from the clone.");
    }
}
