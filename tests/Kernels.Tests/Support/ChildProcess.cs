using System.Diagnostics;

namespace Upweave.Kernels.Tests.Support;

/// <summary>A program that runs to its end.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    /// <summary>What it said on both outputs. The test fails where its exit code is not 0.</summary>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process child = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            Task<string> errors = child.StandardError.ReadToEndAsync(limit.Token);
            string output = await child.StandardOutput.ReadToEndAsync(limit.Token) + await errors;
            await child.WaitForExitAsync(limit.Token);
            Assert.True(child.ExitCode == 0, $"{program} ended with {child.ExitCode}:\n{output}");
            return output;
        }
        catch (OperationCanceledException)
        {
            child.Kill(entireProcessTree: true);
            throw;
        }
    }
}
