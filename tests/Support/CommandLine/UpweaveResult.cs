using System.Text.Json;

namespace Upweave.Tests.CommandLine;

/// <summary>What a process left: its exit code and everything it wrote.</summary>
public sealed record UpweaveResult(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>The document that <c>--json</c> asked for.</summary>
    public JsonElement Json => JsonElement.Parse(Output);

    /// <summary>Lines of the error stream.</summary>
    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void AssertSuccess() => AssertExitCode(0);

    public void AssertExitCode(int expected) => Assert.True(ExitCode == expected, $"Expected exit code {expected}.\n{this}");

    public override string ToString() => $"upweave {CommandLine}\nexit code {ExitCode}\n{Output}{Error}";
}
