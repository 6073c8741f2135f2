using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Upweave.Tests.Servers;

/// <summary>
/// A server in a process group of its own, with a temporary folder for its data. It ends, and the folder goes, when this is
/// disposed or when this process ends in whatever way: <c>tests/servers/supervise</c> holds the other end of a pipe.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>In the environment of a server and all that it starts: its folder. Tells whose a process is.</summary>
    public const string Mark = "UPWEAVE_TEST_SERVER";

    private const int LogLinesShown = 40;
    private const int Kill = 9;

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    private readonly Process process;
    private readonly string name;

    private ServerProcess(Process process, string name, string folder)
    {
        this.process = process;
        this.name = name;
        Folder = folder;
    }

    /// <summary>The server's data and its log.</summary>
    public string Folder { get; }

    /// <summary>A new folder for a server's data.</summary>
    public static string NewFolder() => Directory.CreateTempSubdirectory("upweave-server-").FullName;

    /// <param name="folder">Made by <see cref="NewFolder"/>; deleted in the end.</param>
    public static ServerProcess Start(ServerCommand command, string folder)
    {
        ProcessStartInfo start = new(ServersFolder.File("supervise"), [folder, command.Stop, command.Program, .. command.Arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
        };
        foreach ((string key, string value) in command.Environment)
        {
            start.Environment[key] = value;
        }

        start.Environment[Mark] = folder;

        return new ServerProcess(Process.Start(start)!, command.Name, folder);
    }

    /// <summary>Waits until the server answers.</summary>
    /// <param name="isReady">Asked again and again; a broken connection counts as no.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not answer within a minute; with the end of its log.</exception>
    public async Task WaitAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellationToken)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(ReadyWithin);
        using PeriodicTimer timer = new(AskEvery);
        try
        {
            while (!await AnswersAsync(isReady, bound.Token))
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"{name} ended while it started. The end of its log:\n{LogEnd()}");
                await timer.WaitForNextTickAsync(bound.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException(
                $"{name} did not answer within {ReadyWithin.TotalSeconds:0} seconds. The end of its log:\n{LogEnd()}");
        }
    }

    /// <summary>Kills the server without a warning. Its folder stays, for one that is started after it.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        string children = await File.ReadAllTextAsync($"/proc/{process.Id}/task/{process.Id}/children", cancellationToken);
        foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            _ = SendSignal(-int.Parse(child, CultureInfo.InvariantCulture), Kill); // its process group
        }

        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(GoneWithin);
        await process.WaitForExitAsync(bound.Token);
        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using CancellationTokenSource bound = new(GoneWithin);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private static async Task<bool> AnswersAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellationToken)
    {
        try
        {
            return await isReady(cancellationToken);
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or HttpRequestException)
        {
            return false;
        }
    }

    private string LogEnd()
    {
        string log = Path.Combine(Folder, "log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(LogLinesShown)) : "(it wrote none)";
    }
}
