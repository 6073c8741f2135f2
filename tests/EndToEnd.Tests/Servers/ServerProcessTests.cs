using System.Diagnostics;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Servers;

/// <summary>A server ends with whoever started it, and says why it did not start.</summary>
public sealed class ServerProcessTests
{
    /// <summary>A program that runs for ever and has a child that does too.</summary>
    private static readonly ServerCommand Endless = new()
    {
        Name = "the endless one",
        Program = "/bin/sh",
        Arguments = ["-c", "tail -f /dev/null & tail -f /dev/null"],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dispose_WhileItRuns_EndsItsChildrenTooAndDeletesTheFolder()
    {
        string folder = ServerProcess.NewFolder();
        await using (ServerProcess server = ServerProcess.Start(Endless, folder))
        {
            await server.WaitAsync(_ => Task.FromResult(Programs(folder) == 2), Token);
        }

        Assert.Empty(MarkedProcesses.Of(folder));
        Assert.False(Directory.Exists(folder));
    }

    /// <summary>The shell in the middle holds the pipe, as a test process does, and is killed like one.</summary>
    [Fact]
    public async Task Parent_Killed_LeavesNoProcessAndNoFolder()
    {
        string folder = ServerProcess.NewFolder();
        string[] supervised = [ServersFolder.File("supervise"), folder, "", Endless.Program, .. Endless.Arguments];
        ProcessStartInfo start = new("/bin/bash", ["-c", "exec 3> >(exec \"$@\"); read -r _", "parent", .. supervised])
        {
            RedirectStandardInput = true,
        };
        start.Environment[ServerProcess.Mark] = folder;
        using Process parent = Process.Start(start)!;
        await Until.TrueAsync(() => Programs(folder) == 2, "both programs run", Token);
        parent.Kill();
        await Until.TrueAsync(() => MarkedProcesses.Of(folder).Count == 0, "no process is left", Token);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Wait_ForOneThatEnds_TellsTheEndOfItsLog()
    {
        ServerCommand broken = new() { Name = "the broken one", Program = "/bin/sh", Arguments = ["-c", "echo no space left; exit 3"] };
        await using ServerProcess server = ServerProcess.Start(broken, ServerProcess.NewFolder());
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => server.WaitAsync(_ => Task.FromResult(false), Token));
        Assert.Contains("the broken one ended", error.Message, StringComparison.Ordinal);
        Assert.Contains("no space left", error.Message, StringComparison.Ordinal);
    }

    private static int Programs(string folder) =>
        MarkedProcesses.Of(folder).Count(command => command.StartsWith("tail ", StringComparison.Ordinal));
}
