using Spectre.Console;

namespace Upweave.Cli.Rendering;

/// <summary>Makes Spectre's view of a stream.</summary>
internal static class Consoles
{
    /// <summary>A console that uses colours and moves the cursor only where someone is looking (and NO_COLOR is not set).</summary>
    public static IAnsiConsole Of(TextWriter writer, bool isTerminal) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
    });
}
