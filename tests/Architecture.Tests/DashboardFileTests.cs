using System.Text.Json;
using System.Text.RegularExpressions;

namespace Upweave.Architecture.Tests;

/// <summary>The dashboards as files: what Grafana would take without a word and then show nothing of, or the wrong thing.</summary>
public sealed partial class DashboardFileTests
{
    private const string Folder = "deploy/dashboards/pages";
    private const int Columns = 24;

    /// <summary>The data sources of grafana/otel-lgtm, by type.</summary>
    private static readonly Dictionary<string, string> Sources = new() { ["prometheus"] = "prometheus", ["tempo"] = "tempo", ["loki"] = "loki" };

    [Fact]
    public void Pages_HaveIdentitiesOfTheirOwn()
    {
        List<string> files = SourceTree.Files(Folder, ".json");
        Assert.Equal(["fleet.json", "job.json", "worker.json"], files.Select(Path.GetFileName));
        List<JsonElement> pages = [.. files.Select(Read)];
        Assert.Equal(pages.Count, pages.Select(page => page.GetProperty("uid").GetString()).Distinct().Count());
        Assert.Equal(pages.Count, pages.Select(page => page.GetProperty("title").GetString()).Distinct().Count());
        Assert.All(pages, page => Assert.Equal(JsonValueKind.Undefined, page.TryGetProperty("id", out JsonElement id) ? id.ValueKind : default));
    }

    [Fact]
    public void Panels_AreWhole() => SourceTree.AssertNone("Panels that lack something:", AllPanels().SelectMany(one => Faults(one.File, one.Panel)));

    [Fact]
    public void Panels_OfAPage_AreToldApartAndDoNotOverlap()
    {
        foreach (IGrouping<string, (string File, JsonElement Panel)> page in AllPanels().GroupBy(one => one.File))
        {
            List<JsonElement> panels = [.. page.Select(one => one.Panel)];
            Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("title").GetString()).Distinct().Count());
            HashSet<(int X, int Y)> taken = [];
            foreach (JsonElement panel in panels)
            {
                JsonElement grid = panel.GetProperty("gridPos");
                (int x, int y) = (grid.GetProperty("x").GetInt32(), grid.GetProperty("y").GetInt32());
                (int w, int h) = (grid.GetProperty("w").GetInt32(), grid.GetProperty("h").GetInt32());
                Assert.InRange(x + w, 1, Columns);
                Assert.All(
                    from column in Enumerable.Range(x, w) from line in Enumerable.Range(y, h) select (column, line),
                    cell => Assert.True(taken.Add(cell), $"{page.Key}: two panels at {cell}"));
            }
        }
    }

    /// <summary>A renamed metric would leave a panel, or an alert, that shows nothing and says nothing.</summary>
    [Fact]
    public void Metrics_OfPagesAndAlerts_AreThoseOfTheDocumentation()
    {
        string page = SourceTree.Read("docs/telemetry.md");
        HashSet<string> known = [.. Documented().Matches(page).Select(match => match.Groups[1].Value.Replace('.', '_'))];
        string[] files = [.. SourceTree.Files(Folder, ".json"), "deploy/dashboards/provisioning/alerts.yaml"];
        SourceTree.AssertNone(
            "Names of dashboards that docs/telemetry.md does not explain:",
            from file in files
            from name in Used().Matches(SourceTree.Read(file)).Select(match => match.Value).Distinct()
            where !known.Contains(name) && !known.Contains(Suffixes().Replace(name, ""))
            select $"{file}: {name}");
    }

    /// <summary>What the compose file mounts is what Grafana is told to read.</summary>
    [Fact]
    public void Provisioning_ReadsWhatIsMounted()
    {
        string compose = SourceTree.Read("docker-compose.yml");
        Assert.Contains("./deploy/dashboards/pages:/otel-lgtm/upweave:ro", compose, StringComparison.Ordinal);
        Assert.Contains("path: /otel-lgtm/upweave\n", SourceTree.Read("deploy/dashboards/provisioning/dashboards.yaml"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Faults(string file, JsonElement panel)
    {
        string name = $"{file}: {panel.GetProperty("title").GetString()}";
        if (string.IsNullOrWhiteSpace(panel.GetProperty("title").GetString()) || string.IsNullOrWhiteSpace(panel.GetProperty("description").GetString()))
            yield return $"{name}: title or description";
        string? source = panel.GetProperty("datasource").GetProperty("uid").GetString();
        if (source is null || Sources.GetValueOrDefault(panel.GetProperty("datasource").GetProperty("type").GetString()!) != source)
            yield return $"{name}: data source {source}";
        bool hasUnit = panel.GetProperty("fieldConfig").GetProperty("defaults").TryGetProperty("unit", out JsonElement unit) && unit.GetString() != "";
        if (source == "prometheus" && !hasUnit)
            yield return $"{name}: unit";
        List<JsonElement> targets = [.. panel.GetProperty("targets").EnumerateArray()];
        if (targets.Count == 0 || targets.Select(target => target.GetProperty("refId").GetString()).Distinct().Count() != targets.Count)
            yield return $"{name}: queries";
        foreach (JsonElement target in targets)
        {
            if (target.GetProperty("datasource").GetProperty("uid").GetString() != source)
                yield return $"{name}: a query's data source";
            string query = target.GetProperty(source == "tempo" ? "query" : "expr").GetString()!;
            if (string.IsNullOrWhiteSpace(query))
                yield return $"{name}: an empty query";
            if (panel.GetProperty("type").GetString() == "timeseries" && target.GetProperty("legendFormat").GetString() == "")
                yield return $"{name}: a line without a name";
        }
    }

    private static List<(string File, JsonElement Panel)> AllPanels() =>
    [
        .. from file in SourceTree.Files(Folder, ".json")
           from panel in Read(file).GetProperty("panels").EnumerateArray()
           select (Path.GetFileName(file), panel),
    ];

    private static JsonElement Read(string file) => JsonElement.Parse(SourceTree.Read(file));

    [GeneratedRegex(@"`(upweave\.[a-z._]+)`")]
    private static partial Regex Documented();

    [GeneratedRegex(@"\bupweave_[a-z_]+\b")]
    private static partial Regex Used();

    /// <summary>What Prometheus adds for units and kinds.</summary>
    [GeneratedRegex("(_seconds)?(_total|_bucket|_count|_sum)?$")]
    private static partial Regex Suffixes();
}
