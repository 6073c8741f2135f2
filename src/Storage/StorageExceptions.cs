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

/// <summary>Stored bytes contradict their own format. The tile fails at once; the message names the object.</summary>
public sealed class CorruptDataException : Exception
{
    public CorruptDataException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>An object is not what it was when the job was planned. The job fails; it never mixes two inputs.</summary>
public sealed class ObjectChangedException : Exception
{
    public ObjectChangedException(string message)
        : base(message)
    {
    }
}
