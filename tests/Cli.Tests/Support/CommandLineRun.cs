namespace Upweave.Cli.Tests.Support;

/// <summary>A command line that was run in this process.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    public static async Task<CommandLineRun> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await CommandLine.RunAsync(arguments, new Terminal(output, error, false, false), TestContext.Current.CancellationToken);
        return new CommandLineRun(code, output.ToString(), error.ToString());
    }
}
