namespace Upweave.Cli.Tests;

/// <summary>Whole command lines through the root command: exit codes and what is written where.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("upweave-cli-tests-").FullName;
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        output.Dispose();
        error.Dispose();
    }

    [Theory]
    [InlineData("run", "in.npy", "out.npy", "--no-such-option", "2")]
    [InlineData("run", "in.npy", "--no-such-option")]
    [InlineData("run", "in.npy", "out.npy", "third.npy", "--preset", "linear")]
    [InlineData("run", "in.npy", "out.npy", "--preset")]
    [InlineData("inspect")]
    [InlineData("copy", "in.npy")]
    [InlineData("nothing")]
    [InlineData("watch", "a", "b")]
    [InlineData("cancel", "a", "b")]
    [InlineData("submit", "a", "b", "--no-such-option")]
    [InlineData("status", "--broker")]
    public async Task Run_BadSyntax_SaysSoAndPointsToHelp(params string[] arguments)
    {
        int code = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.All(Lines(error), line => Assert.StartsWith("error: ", line, StringComparison.Ordinal));
        Assert.Contains("--help", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task Run_ManyBadValues_NamesEachOnALineOfItsOwn()
    {
        string[] arguments =
        [
            "run", Path.Combine(folder, "missing.npy"), Path.Combine(folder, "out.npy"), "--weights", "w.npy", "--strides", "2,x",
            "--region", "1:2,3", "--activation", "clip:1", "--workers", "0", "--memory", "2Q",
        ];
        int code = await RunAsync(arguments);
        Assert.Equal(2, code);
        string[] expected = ["layers[0].strides: ", "region: ", "layers[0].activation: ", "--workers: ", "--memory: ", "input: "];
        Assert.All(expected, start => Assert.Single(Lines(error), line => line.StartsWith("error: " + start, StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task Plan_BadInputWithJson_WritesProblemsToOutputAndError()
    {
        string missing = Path.Combine(folder, "missing.npy");
        int code = await RunAsync("plan", missing, Path.Combine(folder, "out.npy"), "--preset", "linear", "--scale", "2", "--json");
        Assert.Equal(2, code);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(output.ToString());
        System.Text.Json.JsonElement problem = document.RootElement.GetProperty("problems")[0];
        Assert.Equal("input", problem.GetProperty("field").GetString());
        Assert.Contains("missing.npy", problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("missing.npy", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_GoodJob_NamesTheTechnique()
    {
        string input = Path.Combine(folder, "in.npy");
        byte[] header = System.Text.Encoding.ASCII.GetBytes("{'descr': '|u1', 'fortran_order': False, 'shape': (8, 8), }".PadRight(117) + "\n");
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. new byte[64]];
        await File.WriteAllBytesAsync(input, file, TestContext.Current.CancellationToken);
        Assert.Equal(0, await RunAsync("plan", input, Path.Combine(folder, "out.npy"), "--preset", "linear", "--scale", "2"));
        Assert.Matches(@"algorithm +direct \(arithmetic \d+, exact\), here by [a-z]+", output.ToString());
    }

    [Fact]
    public async Task Run_JobFileWithUnknownField_NamesIt()
    {
        string job = Path.Combine(folder, "job.json");
        const string Json = """{ "version": 1, "input": "a.npy", "output": "b.npy", "layers": [], "colour": "blue" }""";
        await File.WriteAllTextAsync(job, Json, TestContext.Current.CancellationToken);
        Assert.Equal(2, await RunAsync("run", "--job", job));
        Assert.Contains("colour", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_JobFileBesideOptions_NamesEach()
    {
        string job = Path.Combine(folder, "job.json");
        await File.WriteAllTextAsync(job, "{}", TestContext.Current.CancellationToken);
        Assert.Equal(2, await RunAsync("run", "--job", job, "--strides", "2", "--dtype", "uint8"));
        Assert.Contains("--strides cannot be given together with --job", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--dtype cannot be given together with --job", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoSuchJobFile_SaysSo()
    {
        Assert.Equal(2, await RunAsync("run", "--job", Path.Combine(folder, "none.json")));
        Assert.Contains("none.json", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A job at work is marked once a minute.</summary>
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("1s", 2)]
    [InlineData("299s", 2)]
    [InlineData("5m", 0)]
    public async Task Gc_AgeThatAJobAtWorkMayHave_IsRefused(string age, int expected)
    {
        string plan = Path.Combine(folder, "out.npy.upweave", "plan.json");
        Directory.CreateDirectory(Path.GetDirectoryName(plan)!);
        await File.WriteAllTextAsync(plan, "{}", TestContext.Current.CancellationToken);
        Assert.Equal(expected, await RunAsync("gc", folder, "--older-than", age));
        Assert.True(File.Exists(plan)); // it is no plan that this software knows
        if (expected != 0)
            Assert.Contains("error: --older-than: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_ToItself_IsRefused()
    {
        string path = Path.Combine(folder, "a.npy");
        Assert.Equal(2, await RunAsync("copy", path, Path.Combine(folder, ".", "a.npy")));
        Assert.Contains("is the source", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_WithoutArguments_ListsTheCommands()
    {
        Assert.Equal(0, await RunAsync());
        Assert.All(["run", "plan", "inspect", "copy", "submit", "status", "watch", "cancel", "devices", "demo"], name =>
            Assert.Contains(Lines(output), line => line.TrimStart().StartsWith(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_Interrupted_Exits130AndSaysHowToGoOn()
    {
        string job = Path.Combine(folder, "job.json");
        await File.WriteAllTextAsync(job, "{}", TestContext.Current.CancellationToken);
        int code = await CommandLine.RunAsync(
            ["run", "--job", job], new Terminal(output, error, false, false), new CancellationToken(canceled: true));
        Assert.Equal(130, code);
        Assert.Equal("interrupted; run the same command again to go on", Assert.Single(Lines(error)));
    }

    private Task<int> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(arguments, new Terminal(output, error, false, false), TestContext.Current.CancellationToken);

    private static string[] Lines(StringWriter writer) =>
        writer.ToString().Split(writer.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
