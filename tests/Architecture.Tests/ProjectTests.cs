using System.Xml.Linq;

namespace Upweave.Architecture.Tests;

/// <summary>What the project files may say: who references whom, which packages, where versions and unsafe code live.</summary>
public sealed class ProjectTests
{
    /// <summary>What each project of src may reference. Cli may reference anything.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Tiling"] = [],
        ["Kernels"] = ["Tiling"],
        ["Kernels.Gpu"] = ["Kernels", "Tiling"],
        ["Storage"] = ["Tiling"],
        ["Planning"] = ["Contracts", "Tiling", "Kernels", "Storage"],
        ["ServiceDefaults"] = ["Storage"],
        ["Coordinator"] = ["Contracts", "Tiling", "Storage", "Kernels", "Planning", "ServiceDefaults"],
        ["Worker"] = ["Contracts", "Tiling", "Kernels", "Kernels.Gpu", "Storage", "Planning", "ServiceDefaults"],
    };

    private static readonly string[] MassTransitProjects = ["ServiceDefaults", "Coordinator", "Worker", "Cli"];

    private static readonly string[] UnsafeProjects =
        ["src/Kernels/Kernels.csproj", "src/Kernels.Gpu/Kernels.Gpu.csproj", "tests/Kernels.Tests/Kernels.Tests.csproj", "bench/Kernels.Bench/Kernels.Bench.csproj"];

    /// <summary>The benchmark's peers have central versions of their own: nothing else may restore them.</summary>
    private const string PeerVersions = "bench/Directory.Packages.props";

    [Fact]
    public void Projects_OfSrc_AreAllInTheTable()
    {
        List<string> names = [.. SourceTree.Files("src", ".csproj").Select(Name)];
        Assert.Contains("Tiling", names);
        SourceTree.AssertNone(
            "Projects under src without a row in the table of allowed references:",
            names.Where(name => name != "Cli" && !Allowed.ContainsKey(name)));
    }

    [Fact]
    public void References_OfSrc_AreAllowed() => SourceTree.AssertNone(
        "References that the table does not allow:",
        from project in SourceTree.Files("src", ".csproj")
        where Name(project) != "Cli"
        from reference in Includes(project, "ProjectReference")
        where !Allowed.GetValueOrDefault(Name(project), []).Contains(Path.GetFileNameWithoutExtension(reference))
        select $"{project}: {reference}");

    [Fact]
    public void MassTransit_OfSrc_IsInTheHostsOnly() => SourceTree.AssertNone(
        $"MassTransit belongs to {string.Join(", ", MassTransitProjects)} only:",
        from project in SourceTree.Files("src", ".csproj")
        where !MassTransitProjects.Contains(Name(project))
        from package in Includes(project, "PackageReference")
        where package.StartsWith("MassTransit", StringComparison.OrdinalIgnoreCase)
        select $"{project}: {package}");

    [Fact]
    public void UnsafeCode_IsAllowedInKernelsOnly() => SourceTree.AssertNone(
        $"AllowUnsafeBlocks belongs to {string.Join(", ", UnsafeProjects)} only:",
        from file in BuildFiles()
        where !UnsafeProjects.Contains(file) && Load(file).Descendants("AllowUnsafeBlocks").Any()
        select file);

    [Fact]
    public void PackageVersions_AreCentral() => SourceTree.AssertNone(
        "Package versions belong into Directory.Packages.props:",
        from file in BuildFiles()
        from package in Load(file).Descendants().Where(element => element.Name.LocalName is "PackageReference" or "PackageVersion")
        where package.Name == "PackageVersion"
            || new[] { "Version", "VersionOverride" }.Any(name => package.Attribute(name) != null || package.Element(name) != null)
        select $"{file}: {package}");

    /// <summary>Everything that a build reads but the files of central versions.</summary>
    private static IEnumerable<string> BuildFiles() =>
    [
        .. SourceTree.Projects(), "Directory.Build.props",
        .. SourceTree.Files("src", ".props"), .. SourceTree.Files("tests", ".props"), .. SourceTree.Files("bench", ".props").Where(file => file != PeerVersions),
    ];

    private static string Name(string project) => Path.GetFileNameWithoutExtension(project);

    private static XDocument Load(string file) => XDocument.Parse(SourceTree.Read(file));

    private static IEnumerable<string> Includes(string project, string element) =>
        Load(project).Descendants(element).Select(item => ((string)item.Attribute("Include")!).Replace('\\', '/'));
}
