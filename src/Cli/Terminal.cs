namespace Upweave.Cli;

/// <summary>Where the program writes.</summary>
/// <param name="Out">Takes what was asked for.</param>
/// <param name="Error">Takes progress and errors.</param>
/// <param name="OutIsTerminal">Someone looks at <paramref name="Out"/>: colours are welcome.</param>
/// <param name="ErrorIsTerminal">Someone looks at <paramref name="Error"/>: a bar can be drawn over and over.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool OutIsTerminal, bool ErrorIsTerminal)
{
    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess() =>
        new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);
}
