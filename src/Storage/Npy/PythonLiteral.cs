using System.Globalization;

namespace Upweave.Storage.Npy;

/// <summary>
/// Reads the subset of Python's literals that .npy headers are made of: strings, integers, True, False, None, tuples,
/// lists and dictionaries with string keys. Gives string, long, bool, null, <see cref="List{T}"/> of those, and
/// <see cref="Dictionary{TKey,TValue}"/>.
/// </summary>
internal ref struct PythonLiteral
{
    private const int DepthMax = 16;

    private readonly ReadOnlySpan<char> text;
    private int position;

    private PythonLiteral(ReadOnlySpan<char> text) => this.text = text;

    /// <exception cref="FormatException">The text is not one literal.</exception>
    public static object? Parse(ReadOnlySpan<char> text)
    {
        PythonLiteral reader = new(text);
        object? value = reader.Value(0);
        return reader.Peek() == '\0' ? value : throw reader.Fault("something follows the end");
    }

    private object? Value(int depth)
    {
        if (depth > DepthMax)
            throw Fault("nested too deeply");
        return Peek() switch
        {
            '{' => Dictionary(depth),
            '(' => Items(')', depth),
            '[' => Items(']', depth),
            '\'' or '"' => Text(),
            '-' or (>= '0' and <= '9') => Number(),
            _ => Word(),
        };
    }

    private Dictionary<string, object?> Dictionary(int depth)
    {
        Dictionary<string, object?> entries = new(StringComparer.Ordinal);
        for (position++; Peek() != '}';)
        {
            string key = Peek() is '\'' or '"' ? Text() : throw Fault("a key is not a string");
            Take(':');
            if (!entries.TryAdd(key, Value(depth + 1)))
                throw Fault($"the key '{key}' appears twice");
            Separate('}');
        }

        position++;
        return entries;
    }

    private List<object?> Items(char end, int depth)
    {
        List<object?> items = [];
        for (position++; Peek() != end;)
        {
            items.Add(Value(depth + 1));
            Separate(end);
        }

        position++;
        return items;
    }

    private string Text()
    {
        char quote = Peek();
        int length = text[(position + 1)..].IndexOf(quote);
        if (length < 0)
            throw Fault("a string does not end");
        string value = text.Slice(position + 1, length).ToString();
        position += length + 2;
        return value;
    }

    private long Number()
    {
        int start = position++;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
        if (!long.TryParse(text[start..position], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            throw Fault("a number does not fit in 64 bits");
        // Python 2 wrote long integers so.
        if (position < text.Length && text[position] == 'L')
            position++;
        return value;
    }

    private object? Word()
    {
        foreach ((string name, object? value) in new (string, object?)[] { ("True", true), ("False", false), ("None", null) })
        {
            if (text[position..].StartsWith(name))
            {
                position += name.Length;
                return value;
            }
        }

        throw Fault("a value was expected");
    }

    private void Separate(char end)
    {
        if (Peek() != end)
            Take(',');
    }

    private void Take(char expected)
    {
        if (Peek() != expected)
            throw Fault($"'{expected}' was expected");
        position++;
    }

    /// <summary>The next character that is not white space; a null character at the end.</summary>
    private char Peek()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
        return position < text.Length ? text[position] : '\0';
    }

    private readonly FormatException Fault(string what) => new($"{what} at character {position}");
}
