using System.Globalization;
using System.Text.RegularExpressions;
using Upweave.ServiceDefaults;

namespace Upweave.Interop.Tests;

/// <summary>The manifests of deploy/kubernetes, as Kubernetes' and KEDA's own schemas see them.</summary>
public sealed partial class ManifestTests : IDisposable
{
    private static readonly string Kubernetes = Path.Combine(Clone.Root, "deploy", "kubernetes");

    private readonly TestFolder folder = new();

    private static string[] Manifests =>
        [.. Directory.GetFiles(Kubernetes, "*.yaml").Where(file => Path.GetFileName(file) != "kustomization.yaml").Order(StringComparer.Ordinal)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Manifests_AreWhatKubernetesTakes() => Assert.Equal("9 objects\n", await CheckAsync(Manifests));

    [Theory]
    [InlineData("scaling.yaml", "pollingInterval: 15", "pollingInterval: soon", "/spec/pollingInterval type")]
    [InlineData("scaling.yaml", "minReplicaCount", "minReplicas", "/spec/minReplicas is no field")]
    [InlineData("workers.yaml", "readOnlyRootFilesystem", "readOnlyRoot", "/securityContext/readOnlyRoot is no field")]
    [InlineData("workers.yaml", "kind: Deployment", "kind: Deploiment", "apps/v1 has no kind Deploiment")]
    [InlineData("coordinator.yaml", "  replicas: 2", "  replicas: two", "/spec/replicas type")]
    public async Task Check_ManifestWithAFault_SaysWhere(string file, string right, string wrong, string said)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Kubernetes, file), TestContext.Current.CancellationToken);
        Assert.Contains(right, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.At(file), text.Replace(right, wrong, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        ReaderFailure failure = await Assert.ThrowsAsync<ReaderFailure>(() => CheckAsync(folder.At(file)));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kustomization_ListsEveryFile()
    {
        string text = File.ReadAllText(Path.Combine(Kubernetes, "kustomization.yaml"));
        Assert.Equal(
            Manifests.Select(Path.GetFileName), Resource().Matches(text).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    /// <summary>Whoever kills a host waits longer than the host takes to stop.</summary>
    [Fact]
    public void GracePeriods_AreLongerThanHostsTake()
    {
        double worker = (HostTimes.WorkerStop + (2 * HostTimes.StepDown)).TotalSeconds;
        double coordinator = (HostTimes.CoordinatorStop + (2 * HostTimes.StepDown)).TotalSeconds;
        Assert.True(Seconds("deploy/kubernetes/workers.yaml", "terminationGracePeriodSeconds: (\\d+)") > worker);
        Assert.True(Seconds("deploy/kubernetes/coordinator.yaml", "terminationGracePeriodSeconds: (\\d+)") > coordinator);
        Assert.True(Seconds("docker-compose.yml", "target: worker\\n.*?stop_grace_period: (\\d+)s") > worker);
        Assert.True(Seconds("docker-compose.yml", "target: coordinator\\n.*?stop_grace_period: (\\d+)s") > coordinator);
    }

    private static double Seconds(string file, string pattern)
    {
        Match match = Regex.Match(File.ReadAllText(Path.Combine(Clone.Root, file)), pattern, RegexOptions.Singleline);
        Assert.True(match.Success, $"{file} says no time.");
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static Task<string> CheckAsync(params string[] files) => ReaderProcess.RunAsync(
        Clone.Root, "node", [Path.Combine(Clone.Root, "tests", "manifests", "check.mjs"), .. files]);

    [GeneratedRegex(@"^  - (\S+\.yaml)$", RegexOptions.Multiline)]
    private static partial Regex Resource();
}
