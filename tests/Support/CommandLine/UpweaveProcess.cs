using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace Upweave.Tests.CommandLine;

/// <summary>The built command as a process of its own. Every wait is bounded; whatever still runs at the end is killed.</summary>
public sealed class UpweaveProcess : IDisposable
{
    private const int Interrupt = 2;

    /// <summary>Far beyond what any command of these tests takes, on a busy machine too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource bound;
    private readonly Process process;
    private readonly string commandLine;
    private readonly StringBuilder error = new();
    private readonly Channel<string> errorLines = Channel.CreateUnbounded<string>();
    private readonly Task<string> output;
    private readonly Task errorReader;

    private UpweaveProcess(Process process, string commandLine)
    {
        this.process = process;
        this.commandLine = commandLine;
        bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Patience);
        output = process.StandardOutput.ReadToEndAsync(bound.Token);
        errorReader = ReadErrorAsync();
    }

    /// <summary>The program beside the tests in the folder of build outputs.</summary>
    private static string Program
    {
        get
        {
            DirectoryInfo own = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            return Path.Combine(own.Parent!.Parent!.FullName, "Cli", own.Name, "upweave.dll");
        }
    }

    /// <summary>Starts the program.</summary>
    /// <param name="commandLine">Arguments separated by spaces; none contains one.</param>
    /// <param name="environment">Beside what this process has.</param>
    public static UpweaveProcess Start(string folder, string commandLine, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] arguments = [Program, .. commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        ProcessStartInfo start = new("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new UpweaveProcess(Process.Start(start)!, commandLine);
    }

    /// <summary>Starts the program on a terminal, which a real one stands for; what it draws is its output.</summary>
    public static UpweaveProcess StartOnTerminal(string folder, string commandLine)
    {
        string command = $"stty cols 140 rows 40; exec dotnet {Program} {commandLine}";
        ProcessStartInfo start = new("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        return new UpweaveProcess(Process.Start(start)!, commandLine);
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<UpweaveResult> RunAsync(
        string folder, string commandLine, IReadOnlyDictionary<string, string>? environment = null)
    {
        using UpweaveProcess process = Start(folder, commandLine, environment);
        return await process.WaitAsync();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<UpweaveResult> WaitAsync()
    {
        await process.WaitForExitAsync(bound.Token);
        await errorReader;
        return new UpweaveResult(commandLine, process.ExitCode, await output, error.ToString());
    }

    /// <summary>Waits for a line of the error stream; lines that came before are passed over.</summary>
    /// <exception cref="InvalidOperationException">The process ended without it.</exception>
    public async Task<string> WaitForErrorLineAsync(Func<string, bool> isIt)
    {
        await foreach (string line in errorLines.Reader.ReadAllAsync(bound.Token))
        {
            if (isIt(line))
                return line;
        }

        throw new InvalidOperationException($"The process ended without the line that was waited for.\n{await WaitAsync()}");
    }

    /// <summary>SIGKILL: the process gets no chance to say or do anything.</summary>
    /// <returns>What it had written until then.</returns>
    public Task<UpweaveResult> KillAsync()
    {
        process.Kill();
        return WaitAsync();
    }

    /// <summary>The same after a while, whatever the process does then; it may have ended before.</summary>
    public async Task<UpweaveResult> KillAfterAsync(TimeSpan time)
    {
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(bound.Token);
        timer.CancelAfter(time);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException) when (!bound.IsCancellationRequested)
        {
            process.Kill();
        }

        return await WaitAsync();
    }

    /// <summary>SIGINT, as Ctrl-C sends it, and waits for the end.</summary>
    public Task<UpweaveResult> InterruptAsync()
    {
        Assert.Equal(0, SendSignal(process.Id, Interrupt));
        return WaitAsync();
    }

    /// <summary>
    /// The most memory that the process has held when it last wrote a line, in bytes: the line "publishing" comes after the last
    /// tile. What has ended cannot be asked any more.
    /// </summary>
    public async Task<long> PeakMemoryAtEndAsync()
    {
        long peak = 0;
        await foreach (string line in errorLines.Reader.ReadAllAsync(bound.Token))
        {
            process.Refresh();
            if (!process.HasExited)
                peak = Math.Max(peak, PeakBytes());
        }

        return peak;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
        bound.Dispose();
    }

    private long PeakBytes()
    {
        try
        {
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the answer.
            return 0;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private async Task ReadErrorAsync()
    {
        while (await process.StandardError.ReadLineAsync(bound.Token) is string line)
        {
            error.Append(line).Append('\n');
            await errorLines.Writer.WriteAsync(line, bound.Token);
        }

        errorLines.Writer.Complete();
    }
}
