using Spectre.Console;

namespace Upweave.Cli.Rendering;

/// <summary>What a command has to tell: labels and values in two columns, in groups set apart by empty lines.</summary>
internal sealed class Report
{
    private readonly List<(string Label, string Value)> rows = [];

    /// <summary>The rows, for tests and other views; an empty label and value set groups apart.</summary>
    public IReadOnlyList<(string Label, string Value)> Rows => rows;

    /// <summary>Adds a row; none when there is no value.</summary>
    public Report Row(string label, string? value)
    {
        if (value is not null)
            rows.Add((label, value));
        return this;
    }

    /// <summary>Ends a group.</summary>
    public Report Gap()
    {
        rows.Add(("", ""));
        return this;
    }

    public void Write(Terminal terminal)
    {
        int width = rows.Max(row => row.Label.Length);
        IAnsiConsole console = Consoles.Of(terminal.Out, terminal.OutIsTerminal);
        foreach ((string label, string value) in rows)
        {
            if (label.Length + value.Length == 0)
            {
                terminal.Out.WriteLine();
                continue;
            }

            // Written piece by piece: a table would fold long paths, which then cannot be copied.
            console.Write(new Text("  " + label.PadRight(width) + "  ", new Style(decoration: Decoration.Dim)));
            terminal.Out.WriteLine(value);
        }
    }
}
