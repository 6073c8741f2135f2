namespace Upweave.Cli;

/// <summary>What the program's exit says.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The job was fine and failed all the same.</summary>
    public const int Failed = 1;

    /// <summary>Something is wrong with what was asked; nothing was done.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM: 128 and the number of SIGINT, as shells do.</summary>
    public const int Interrupted = 130;
}
