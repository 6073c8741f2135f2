using System.Diagnostics;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>The example of docs/submit.md, run by a Python that has pika.</summary>
internal static class PythonClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Submits a job and waits for its end.</summary>
    public static async Task<UpweaveResult> SubmitAsync(TestFolder folder, Uri broker, string job)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "docs", "examples", "submit.py");
        return await RunAsync(folder, [script, "--broker", broker.ToString(), job, "--wait"]);
    }

    /// <summary>Debian's own Python has Debian's pika; another that is first on the PATH need not.</summary>
    private static async Task<UpweaveResult> RunAsync(TestFolder folder, string[] arguments)
    {
        string python = File.Exists("/usr/lib/python3/dist-packages/pika/__init__.py") ? "/usr/bin/python3" : OnPath.Find("python3")
            ?? throw new InvalidOperationException("No python3 for the tests. hint: install python3 and python3-pika.");
        ProcessStartInfo start = new(python, arguments)
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Patience);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(bound.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return new UpweaveResult(string.Join(' ', arguments), process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
