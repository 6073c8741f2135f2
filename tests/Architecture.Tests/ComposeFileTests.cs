using System.Text.RegularExpressions;

namespace Upweave.Architecture.Tests;

/// <summary>docker-compose.yml and what belongs to it; tests/compose/run runs it.</summary>
public sealed partial class ComposeFileTests
{
    private static readonly string Compose = SourceTree.Read("docker-compose.yml");

    [Fact]
    public void Variables_AreThoseOfTheExample()
    {
        HashSet<string> read = [.. Variable().Matches(Compose).Select(match => match.Groups[1].Value)];
        HashSet<string> shown = [.. Shown().Matches(SourceTree.Read(".env.example")).Select(match => match.Groups[1].Value)];
        Assert.True(read.Count > 10, $"Only {read.Count} variables found.");
        SourceTree.AssertNone("Variables that .env.example does not show:", read.Except(shown));
        SourceTree.AssertNone("Variables of .env.example that nothing reads:", shown.Except(read).Except(["COMPOSE_PROFILES"]));
    }

    [Fact]
    public void Ports_AreThisMachinesUnlessToldOtherwise() => SourceTree.AssertNone(
        "Ports that are published anywhere:",
        Port().Matches(Compose).Select(match => match.Value.Trim())
            .Where(port => !port.StartsWith("- \"${UPWEAVE_BIND:-127.0.0.1}:", StringComparison.Ordinal)));

    /// <summary>They would need an image from a registry, or a newer builder, for nothing.</summary>
    [Fact]
    public void Dockerfile_NeedsNoFrontendOfItsOwn()
    {
        string dockerfile = SourceTree.Read("deploy/docker/Dockerfile");
        Assert.DoesNotContain("# syntax=", dockerfile, StringComparison.Ordinal);
        Assert.DoesNotContain("--link", dockerfile, StringComparison.Ordinal);
        Assert.DoesNotContain("<<", dockerfile, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\$\{([A-Z_]+)")]
    private static partial Regex Variable();

    [GeneratedRegex("^#?([A-Z_]+)=", RegexOptions.Multiline)]
    private static partial Regex Shown();

    [GeneratedRegex("^ +- \"[^\"]*:\\d+\"$", RegexOptions.Multiline)]
    private static partial Regex Port();
}
