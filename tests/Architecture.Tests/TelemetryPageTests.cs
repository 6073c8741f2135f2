using System.Text.RegularExpressions;

namespace Upweave.Architecture.Tests;

/// <summary>docs/telemetry.md is what operators build on: it names what the code names, and nothing else.</summary>
public sealed partial class TelemetryPageTests
{
    /// <summary>Storage, which knows nothing of hosts, has its own.</summary>
    private static readonly string[] Sources = ["src/ServiceDefaults/TelemetryNames.cs", "src/Storage/StorageTelemetry.cs"];

    [Fact]
    public void Names_OfTheCode_AreThoseOfThePage()
    {
        HashSet<string> code = [.. Sources.SelectMany(file => Constants().Matches(SourceTree.Read(file))).Select(match => match.Groups[1].Value)];
        HashSet<string> page = [.. Quoted().Matches(SourceTree.Read("docs/telemetry.md")).Select(match => match.Groups[1].Value)];
        Assert.True(code.Count > 20, $"Only {code.Count} names found.");
        SourceTree.AssertNone("Names that docs/telemetry.md does not explain:", code.Except(page));
        SourceTree.AssertNone("Names of docs/telemetry.md that the code does not have:", page.Except(code));
    }

    /// <summary>Instruments and tags are spelled in one place, or the page could not be compared with them.</summary>
    [Fact]
    public void Names_AreSpelledOnce() => SourceTree.AssertNone(
        $"Telemetry's names outside {string.Join(" and ", Sources)}:",
        SourceTree.LinesMatching(SourceTree.Files("src", "Telemetry.cs").Append("src/Worker/Tiles/TilePhase.cs"), Spelled()));

    [GeneratedRegex("const string \\w+ = \"(upweave\\.[a-z._]+)\"")]
    private static partial Regex Constants();

    [GeneratedRegex(@"`(upweave\.[a-z._]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("(SetTag|Create\\w+|KeyValuePair<string, object\\?>)\\(\\s*\"")]
    private static partial Regex Spelled();
}
