using System.CommandLine;

namespace Upweave.Cli.Commands;

/// <summary>Arguments and options that several commands take.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Report as one JSON document on standard output" };

    /// <summary>
    /// An argument that is a path. The parser would take a mistyped option for one; a path that really starts with a
    /// minus can be written <c>./-path</c>.
    /// </summary>
    public static Argument<string?> Reference(string name, string description, ArgumentArity arity)
    {
        Argument<string?> argument = new(name) { Description = description, Arity = arity };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] value }])
                result.AddError($"Unknown option '{value}'.");
        });
        return argument;
    }
}
