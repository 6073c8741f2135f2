using System.Text.Encodings.Web;
using System.Text.Json;
using Upweave.Cli.Settings;
using Upweave.Contracts;

namespace Upweave.Cli.Rendering;

/// <summary>Says how a command ended, to people and (with <c>--json</c>) to programs.</summary>
internal sealed class Reporter(Terminal terminal, bool json)
{
    /// <summary>For people too: quotes and accents stay what they are. The document is never part of a web page.</summary>
    private static readonly JsonSerializerOptions Readable =
        new(ContractJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one line per problem to the error stream; with <c>--json</c> a document to the output as well.</summary>
    public int Refuse(IReadOnlyList<Problem> problems)
    {
        foreach (Problem problem in problems)
        {
            terminal.Error.WriteLine($"error: {OneLine(problem.ToString())}");
        }

        if (json)
            Write(new { Problems = problems.Select(Masked) });
        return ExitCodes.BadInput;
    }

    /// <summary>The work was begun and could not be finished.</summary>
    public int Fail(string reason)
    {
        terminal.Error.WriteLine($"error: {OneLine(reason)}");
        if (json)
            Write(new { Failed = Secrets.Mask(reason) });
        return ExitCodes.Failed;
    }

    /// <summary>Writes the document that <c>--json</c> asks for, or the report for people.</summary>
    public int Succeed(object document, Report report) => Succeed(document, () => report.Write(terminal));

    /// <summary>The same for what is not a report.</summary>
    public int Succeed(object document, Action show)
    {
        if (json)
            Write(document);
        else
            show();
        return ExitCodes.Success;
    }

    private static string OneLine(string text) => Secrets.Mask(text.ReplaceLineEndings(" "));

    private static Problem Masked(Problem problem) =>
        problem with { Message = Secrets.Mask(problem.Message), Hint = problem.Hint is null ? null : Secrets.Mask(problem.Hint) };

    private void Write(object document) =>
        terminal.Out.WriteLine(JsonSerializer.Serialize(document, document.GetType(), Readable));
}
