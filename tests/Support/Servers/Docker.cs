using System.Diagnostics;

namespace Upweave.Tests.Servers;

/// <summary>Servers in containers, where a docker engine answers.</summary>
internal static class Docker
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PullWithin = TimeSpan.FromMinutes(5);

    /// <summary>The first of these images that is there or can be had, or null; <paramref name="tried"/> gets a line of why not.</summary>
    public static async Task<string?> FindImageAsync(string[] images, List<string> tried, CancellationToken cancellationToken)
    {
        if (!await SucceedsAsync(["version", "--format", "{{.Server.Version}}"], AnswerWithin, cancellationToken))
        {
            tried.Add("docker: no engine answers");
            return null;
        }

        foreach (string image in images)
        {
            if (await SucceedsAsync(["image", "inspect", image], AnswerWithin, cancellationToken))
                return image;
        }

        foreach (string image in images)
        {
            if (await SucceedsAsync(["pull", "--quiet", image], PullWithin, cancellationToken))
                return image;
        }

        tried.Add($"docker: the engine has no image {string.Join(" or ", images)} and could not pull one");
        return null;
    }

    /// <summary>A container with one port published on 127.0.0.1. It goes when the command's process ends.</summary>
    /// <param name="arguments">For the program inside.</param>
    public static ServerCommand Container(
        string image, int port, int innerPort, IEnumerable<string> options, IEnumerable<string> arguments)
    {
        string name = $"upweave-test-{Guid.NewGuid():N}";
        return new ServerCommand
        {
            Name = $"the container of {image}",
            Program = "docker",
            Arguments = ["run", "--rm", "--name", name, "-p", $"127.0.0.1:{port}:{innerPort}", .. options, image, .. arguments],
            Stop = $"docker rm --force --volumes {name}",
        };
    }

    private static async Task<bool> SucceedsAsync(string[] arguments, TimeSpan within, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("docker", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(within);
        try
        {
            using Process process = Process.Start(start)!;
            try
            {
                await Task.WhenAll(
                    process.StandardOutput.ReadToEndAsync(bound.Token), process.StandardError.ReadToEndAsync(bound.Token));
                await process.WaitForExitAsync(bound.Token);
                return process.ExitCode == 0;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // No docker command.
        }
    }
}
