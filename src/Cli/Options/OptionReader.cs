using System.CommandLine;
using System.Globalization;
using Upweave.Contracts;

namespace Upweave.Cli.Options;

/// <summary>
/// Reads the values of options and collects what is wrong with them, so that all of it can be said at once. Options are
/// declared as text for this reason: the parser of the library would stop at the first.
/// </summary>
internal sealed class OptionReader(ParseResult result)
{
    /// <summary>Everything wrong so far.</summary>
    public List<Problem> Problems { get; } = [];

    /// <summary>The text of an option; null when it was not given.</summary>
    public string? Text(Option<string?> option) => result.GetValue(option);

    /// <summary>A value that needs parsing; null when the option was not given or is wrong.</summary>
    /// <param name="field">The value's name in a specification; the option's own for what is not part of one.</param>
    /// <param name="expected">What the option takes, completing "expected ...".</param>
    public T? Parsed<T>(Option<string?> option, string field, Func<string, T?> parse, string expected)
        where T : class
    {
        if (Text(option) is not string text)
            return null;
        T? value = parse(text);
        if (value is null)
            Problems.Add(Unreadable(option.Name, field, text, expected));
        return value;
    }

    /// <summary>The same for a number.</summary>
    public long? Number(Option<string?> option, string field, Func<string, long?> parse, string expected)
    {
        if (Text(option) is not string text)
            return null;
        long? value = parse(text);
        if (value is null)
            Problems.Add(Unreadable(option.Name, field, text, expected));
        return value;
    }

    /// <summary>A list of whole numbers.</summary>
    public IReadOnlyList<long>? Numbers(Option<string?> option, string field) =>
        Parsed(option, field, NumberList.Parse, NumberList.Expected);

    /// <summary>A whole number, possibly negative.</summary>
    public static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static Problem Unreadable(string name, string field, string text, string expected) =>
        new(field, $"{(field == name ? "" : name + " ")}'{text}' cannot be read.", "give " + expected);
}
