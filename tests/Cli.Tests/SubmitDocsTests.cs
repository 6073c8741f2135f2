using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Upweave.Cli.Remote;
using Upweave.Contracts;

namespace Upweave.Cli.Tests;

/// <summary>docs/submit.md says what is on the wire.</summary>
public sealed partial class SubmitDocsTests
{
    private static readonly string Text = Read("submit.md");

    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = WireNames.Naming };

    public static TheoryData<string, string> Examples
    {
        get
        {
            TheoryData<string, string> examples = [];
            foreach (Match match in Example().Matches(Text))
                examples.Add(match.Groups["name"].Value, match.Groups["body"].Value);
            return examples;
        }
    }

    [Fact]
    public void PythonBlock_IsTheFile()
    {
        Match block = Python().Match(Text);
        Assert.True(block.Success);
        Assert.Equal(Read("examples", "submit.py"), block.Groups["body"].Value);
    }

    /// <summary>Every field of a message is shown, by its name, and no other.</summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public void JsonBlock_IsTheMessage(string name, string json)
    {
        object? message = WireMessages.Read(name, System.Text.Encoding.UTF8.GetBytes(json));
        Assert.NotNull(message);
        JsonNode? written = JsonSerializer.SerializeToNode(message, message.GetType(), Wire);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), written), written?.ToJsonString());
    }

    [Fact]
    public void JsonBlocks_ShowEveryMessage() => Assert.Equal(
        ["JobAccepted", "JobCancelled", "JobCompleted", "JobFailed", "JobProgressed", "JobRejected", "JobStatus"],
        Examples.Select(example => example.Data.Item1).Order());

    [Fact]
    public void Exchanges_AreNamed() => Assert.All(
        [WireNames.SubmitJob, WireNames.GetJob, WireNames.CancelJob, WireNames.RetryJob, WireNames.PauseJob, WireNames.ResumeJob, WireNames.JobEvents],
        name => Assert.Contains($"`{name}`", Text, StringComparison.Ordinal));

    private static string Read(params string[] names) => File.ReadAllText(Path.Combine([AppContext.BaseDirectory, "docs", .. names]));

    /// <summary>A block of JSON after a paragraph that begins with the message's name.</summary>
    [GeneratedRegex(@"^`(?<name>Job\w+)`(?:(?!^```).)*?^```json\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^```python\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Python();
}
