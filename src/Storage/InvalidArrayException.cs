namespace Upweave.Storage;

/// <summary>
/// The request cannot be met as it stands: a missing or unreadable array, an unsupported type, a bad reference. Never
/// retried. The message says what, which and where; <see cref="Hint"/> how to fix it.
/// </summary>
public sealed class InvalidArrayException : Exception
{
    public InvalidArrayException(string message, string? hint = null, Exception? inner = null)
        : base(message, inner) => Hint = hint;

    public string? Hint { get; }
}
