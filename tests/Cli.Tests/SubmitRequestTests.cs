using System.CommandLine;
using System.Text.Json.Nodes;
using Upweave.Cli.Options;
using Upweave.Cli.Tests.Support;
using Upweave.Contracts;

namespace Upweave.Cli.Tests;

/// <summary>What submit would send.</summary>
public sealed class SubmitRequestTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Whatever is in the file: the coordinator says what is wrong with it.</summary>
    [Theory]
    [InlineData("{ \"version\": 1,\r\n // comment\n }")]
    [InlineData("")]
    [InlineData("not even JSON")]
    public async Task Read_JobFile_IsSentByteForByte(string content)
    {
        string file = folder.Write("job.json", content);
        SubmitRequest request = await ReadAsync("--job", file);
        Assert.Empty(request.Problems);
        Assert.Equal(File.ReadAllBytes(file), request.Json.ToArray());
    }

    [Fact]
    public async Task Read_Options_MakeTheSpecification()
    {
        SubmitRequest request = await ReadAsync("data/a.png", "data/b.png", "--preset", "linear", "--scale", "2", "--overwrite");
        const string Expected =
            """{"version":1,"input":"data/a.png","output":"data/b.png","layers":[{"preset":"linear","scale":[2]}],"overwrite":true}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Expected), JsonNode.Parse(request.Json.Span)));
    }

    [Fact]
    public async Task Read_Identity_IsTheGivenOneOrNew()
    {
        Guid given = Guid.NewGuid();
        Assert.Equal(given, (await ReadAsync("a", "b", "--id", given.ToString())).JobId);
        Assert.NotEqual((await ReadAsync("a", "b")).JobId, (await ReadAsync("a", "b")).JobId);
    }

    [Fact]
    public async Task Read_OptionsBesideAJobFile_AreNamed()
    {
        SubmitRequest request = await ReadAsync("a.npy", "--job", folder.Write("job.json", "{}"), "--strides", "2", "--overwrite", "--id", "7");
        Assert.Equal(["--id", "INPUT", "--strides", "--overwrite"], request.Problems.Select(problem => problem.Field));
    }

    [Fact]
    public async Task Read_HugeOrMissingFile_IsRefused()
    {
        SubmitRequest huge = await ReadAsync("--job", folder.Write("huge.json", new byte[ContractJson.SpecificationBytesMax + 1]));
        Assert.Contains("1048577", Assert.Single(huge.Problems).Message, StringComparison.Ordinal);
        SubmitRequest missing = await ReadAsync("--job", folder.At("missing.json"));
        Assert.Contains("missing.json", Assert.Single(missing.Problems).Message, StringComparison.Ordinal);
    }

    /// <summary>They belong to the worker that is not here.</summary>
    [Theory]
    [InlineData("--workers")]
    [InlineData("--memory")]
    [InlineData("--store")]
    public async Task Submit_OptionOfRun_IsUnknown(string option)
    {
        CommandLineRun run = await CommandLineRun.RunAsync("submit", "--job", "job.json", option, "2");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("see upweave submit --help", run.Error, StringComparison.Ordinal);
    }

    private static Task<SubmitRequest> ReadAsync(params string[] arguments)
    {
        JobOptions options = new();
        Option<string?> id = new("--id");
        Command command = new("submit");
        options.AddSpecificationTo(command);
        command.Options.Add(id);
        ParseResult result = command.Parse(arguments);
        Assert.Empty(result.Errors);
        return SubmitRequest.ReadAsync(options, id, result, TestContext.Current.CancellationToken);
    }
}
