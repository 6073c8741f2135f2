using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>A coordinator or a worker as a process of its own. Every wait is bounded; what still runs at the end is killed.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    /// <summary>More than a host gives itself to stop, by ServiceDefaults/HostTimes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly StringBuilder log = new();

    private HostProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it answers HTTP.</summary>
    public Uri Address { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>All that it has written so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>The most memory that the process has held so far, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts a host; it is not ready yet.</summary>
    /// <param name="project"><c>Coordinator</c> or <c>Worker</c>.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="again">Where an earlier one answered, for one that takes its place; null: a place of its own.</param>
    public static HostProcess Start(string project, IReadOnlyDictionary<string, string> settings, Uri? again = null)
    {
        DirectoryInfo own = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, $"Upweave.{project}.dll");
        Uri address = again ?? new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
        ProcessStartInfo start = new("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        return new HostProcess(Process.Start(start)!, address);
    }

    /// <summary>Waits until the host says that it is ready.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using HttpClient client = new() { BaseAddress = Address };
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        try
        {
            while (!await IsReadyAsync(client, bound.Token))
            {
                if (HasExited)
                    throw new InvalidOperationException($"The host ended before it was ready.\n{Log}");
                await timer.WaitForNextTickAsync(bound.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The host was not ready in time.\n{Log}");
        }
    }

    /// <summary>SIGTERM, as a container engine sends it, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        Assert.Equal(0, SendSignal(process.Id, Terminate));
        return await WaitForExitAsync(cancellationToken);
    }

    /// <summary>SIGSTOP: the process stands still, and its connections stay open.</summary>
    public void Pause() => Assert.Equal(0, SendSignal(process.Id, Stop));

    /// <summary>SIGCONT: it goes on where it stood.</summary>
    public void Resume() => Assert.Equal(0, SendSignal(process.Id, Continue));

    /// <summary>Waits until the host has written a text.</summary>
    public async Task WaitForLogAsync(string text, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        try
        {
            while (!Log.Contains(text, StringComparison.Ordinal))
            {
                await timer.WaitForNextTickAsync(bound.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The host did not say '{text}'.\n{Log}");
        }
    }

    /// <summary>What the host answers when it is asked whether it is ready.</summary>
    public async Task<JsonElement> HealthAsync(CancellationToken cancellationToken)
    {
        using HttpClient client = new() { BaseAddress = Address };
        return JsonElement.Parse(await client.GetStringAsync("health/ready", cancellationToken));
    }

    /// <summary>Waits until the host ends by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        return process.ExitCode;
    }

    /// <summary>SIGKILL: the process gets no chance to say or do anything.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        process.Kill();
        await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync("health/ready", cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Note(string? line)
    {
        lock (log)
        {
            log.AppendLine(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
