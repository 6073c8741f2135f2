namespace Upweave.Tests.Servers;

/// <summary>How a server is started.</summary>
internal sealed record ServerCommand
{
    /// <summary>What it is called in errors.</summary>
    public required string Name { get; init; }

    public required string Program { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Set on top of this process's own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A shell command that runs once the process is killed; empty for none.</summary>
    public string Stop { get; init; } = "";
}
