using Upweave.Cli.Tests.Support;

namespace Upweave.Cli.Tests;

/// <summary>Where the address of the broker and the stores come from. Nothing listens on these ports, and the error names the one that was tried.</summary>
public sealed class ClientConfigurationTests : IDisposable
{
    private static readonly Dictionary<string, string> None = [];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false, false, false, "127.0.0.1:1")]
    [InlineData(true, false, false, "127.0.0.1:2")]
    [InlineData(true, true, false, "127.0.0.1:3")]
    [InlineData(true, true, true, "127.0.0.1:4")]
    [InlineData(false, false, true, "127.0.0.1:4")]
    public async Task Status_ManySources_TheLatestWins(bool hasConfig, bool hasVariable, bool hasOption, string address)
    {
        folder.Write("appsettings.json", Broker(1));
        folder.Write("other.json", Broker(2));
        List<string> arguments = ["status", .. hasConfig ? ["--config", "other.json"] : Array.Empty<string>()];
        if (hasOption)
            arguments.AddRange(["--broker", "amqp://u:SECRET@127.0.0.1:4/"]);
        Dictionary<string, string> variables = hasVariable ? new() { ["Upweave__Broker"] = "amqp://u:SECRET@127.0.0.1:3/vhost" } : None;
        CommandLineRun run = await CommandLineProcess.RunAsync(folder.Path, variables, [.. arguments]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"at {address}", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_StoresOfManySources_TheLatestOfANameWins()
    {
        folder.WriteArray("fourth/x.npy");
        folder.Write("appsettings.json", Stores("first"));
        folder.Write("other.json", Stores("second"));
        Dictionary<string, string> variables = new() { ["Upweave__Stores__data"] = folder.At("third"), ["Upweave__Stores__more"] = folder.At("fourth") };
        string option = "data=" + folder.At("fourth");
        Assert.Equal(2, (await CommandLineProcess.RunAsync(folder.Path, variables, "inspect", "data/x.npy", "--config", "other.json")).ExitCode);
        Assert.Equal(0, (await CommandLineProcess.RunAsync(folder.Path, variables, "inspect", "more/x.npy", "--config", "other.json")).ExitCode);
        Assert.Equal(0, (await CommandLineProcess.RunAsync(folder.Path, variables, "inspect", "data/x.npy", "--store", option)).ExitCode);
    }

    [Fact]
    public async Task Inspect_ConfigurationOfAnotherProgram_IsNoMatter()
    {
        folder.WriteArray("x.npy");
        folder.Write("appsettings.json", """{ "Logging": { "LogLevel": { "Default": "Information" } } }""");
        Assert.Equal(0, (await CommandLineProcess.RunAsync(folder.Path, None, "inspect", "x.npy")).ExitCode);
    }

    [Theory]
    [InlineData("missing.json")]
    [InlineData("broken.json")]
    public async Task Inspect_BadConfiguration_IsNamed(string config)
    {
        folder.Write("broken.json", "{ \"Upweave\": ");
        CommandLineRun run = await CommandLineRun.RunAsync("inspect", "x.npy", "--config", folder.At(config));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(config, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private static string Broker(int port) => $$"""{ "Upweave": { "Broker": "amqp://u:SECRET@127.0.0.1:{{port}}/" } }""";

    private string Stores(string name) => $$"""{ "Upweave": { "Stores": { "data": "{{folder.At(name)}}" } } }""";
}
