using System.CommandLine;
using Upweave.Cli.Commands;
using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.ServiceDefaults;
using Upweave.Storage;

namespace Upweave.Cli;

/// <summary>The <c>upweave</c> command: from arguments to an exit code.</summary>
internal static class CommandLine
{
    private const string Description = """
        Upweave applies transposed convolutions (learned or fixed upsampling) to arrays of any size, tile by tile.

        Examples:
          upweave demo
          upweave run photo.jpg photo-2x.png --preset bicubic --scale 2
          upweave plan volume.npy volume.zarr --weights up.npz#w --bias up.npz#b --strides 2 --pads 1
          upweave inspect volume.zarr --hash
          upweave submit --job job.json --wait
        """;

    /// <summary>Runs one command line.</summary>
    /// <param name="interrupted">Cancelled by Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken interrupted)
    {
        ParseResult result = Parse(arguments, terminal);
        Reporter reporter = new(terminal, json: Wants("--json", result));
        if (result.Errors.Count > 0)
            return reporter.Refuse([.. result.Errors.Select(error => Syntax(error.Message, result))]);
        try
        {
            InvocationConfiguration invocation = new()
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,

                // Ctrl-C is ours: see Interruption.
                ProcessTerminationTimeout = null,
            };
            return await result.InvokeAsync(invocation, interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync("interrupted; run the same command again to go on");
            return ExitCodes.Interrupted;
        }
        catch (InvalidArrayException error)
        {
            return reporter.Refuse([new Problem("", error.Message, error.Hint)]);
        }
        catch (SettingsException error)
        {
            return reporter.Refuse([new Problem("", error.Message)]);
        }
        catch (BrokerException error)
        {
            return reporter.Fail(error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CorruptDataException or ObjectChangedException)
        {
            return reporter.Fail(error.Message);
        }
    }

    private static ParseResult Parse(IReadOnlyList<string> arguments, Terminal terminal)
    {
        RootCommand root = new(Description)
        {
            RunCommand.Create(terminal),
            PlanCommand.Create(terminal),
            InspectCommand.Create(terminal),
            CopyCommand.Create(terminal),
            SubmitCommand.Create(terminal),
            StatusCommand.Create(terminal),
            WatchCommand.Create(terminal),
            CancelCommand.Create(terminal),
            HoldCommand.CreatePause(terminal),
            HoldCommand.CreateResume(terminal),
            RetryCommand.Create(terminal),
            GcCommand.Create(terminal),
            DevicesCommand.Create(terminal),
            DemoCommand.Create(terminal),
            SchemaCommand.Create(terminal),
        };

        // A path may start with '@', and every option has a long name only.
        ParserConfiguration configuration = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        return root.Parse(arguments.Count == 0 ? ["--help"] : arguments, configuration);
    }

    private static bool Wants(string option, ParseResult result) =>
        result.Tokens.Any(token => token.Value == option);

    private static Problem Syntax(string message, ParseResult result)
    {
        string command = result.CommandResult.Command is RootCommand ? "" : result.CommandResult.Command.Name + " ";
        return new Problem("", message, $"see upweave {command}--help");
    }
}
