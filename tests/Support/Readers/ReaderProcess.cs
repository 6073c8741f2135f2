using System.ComponentModel;
using System.Diagnostics;

namespace Upweave.Tests.Readers;

/// <summary>Runs other people's programs to their end. Every wait is bounded; what still runs at the end is killed.</summary>
public static class ReaderProcess
{
    /// <summary>Far beyond what any of them takes here, on a busy machine too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>What the program writes to standard output. It must end well and say nothing on standard error: no warnings.</summary>
    /// <exception cref="ReaderFailure">It is not here, fails, or says something on standard error.</exception>
    public static async Task<string> RunAsync(string folder, string program, IEnumerable<string> arguments, string input = "")
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Patience);
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Start(start);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(bound.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(bound.Token);
            await WriteAsync(process, input);
            await process.WaitForExitAsync(bound.Token);
            string said = await error;
            return process.ExitCode == 0 && said.Length == 0
                ? await output
                : throw new ReaderFailure($"{program} {string.Join(' ', start.ArgumentList)}: exit code {process.ExitCode}.\n{said}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new ReaderFailure($"{start.FileName} cannot be run: {exception.Message}.");
        }
    }

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read: its exit code and its errors say why.
        }
    }
}
